package io.tcplab.kernel.ffm;

import io.tcplab.kernel.Errno;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Makes system calls of this package fail on purpose, to see what becomes of the lab then. For its tests.
 *
 * <p>Only in a JVM that was started with {@code -D}{@value #PROPERTY}{@code =true}: in any other {@link #POSSIBLE} is a
 * constant false, so the compiler leaves nothing of this in a call.
 */
public final class SystemCallFaults {
    /** The system property that allows it. */
    public static final String PROPERTY = "tcplab.faults";

    static final boolean POSSIBLE = Boolean.getBoolean(PROPERTY);

    private static final String FFM = SystemCallFaults.class.getPackageName();
    private static final String LAB = "io.tcplab.";
    private static final Set<Class<?>> PLUMBING = Set.of(SystemCallFaults.class, CFunction.class);

    /** They release what they are given even where they report an error (close(2)), so they are made before they fail. */
    private static final Set<String> RELEASING = Set.of("Libc.close", "SharedMapping.unmap");

    /** Functions of libc that can't fail. */
    private static final Set<String> INFALLIBLE = Set.of("PerfRing.pageBytes");

    private static volatile Plan plan = call -> Optional.empty();

    private SystemCallFaults() {}

    /**
     * A call that is about to be made.
     *
     * @param function the method of this package that makes it, as {@code Libc.recv}
     * @param callers the lab's classes above it on the stack, by simple name, the nearest first
     */
    public record Call(String function, List<String> callers) {}

    /** Says of each call whether it fails. Asked on the thread that makes the call. */
    @FunctionalInterface
    public interface Plan {
        /** The error with which it fails; empty if the kernel is to decide. */
        Optional<Errno> failure(Call call);
    }

    /**
     * Follows a plan until what this returns is closed.
     *
     * @throws IllegalStateException if this JVM was started without {@value #PROPERTY}
     */
    public static Session follow(Plan wanted) {
        if (!POSSIBLE) {
            throw new IllegalStateException("start the JVM with -D" + PROPERTY + "=true");
        }
        plan = wanted;
        return () -> plan = call -> Optional.empty();
    }

    /** Ends with {@link #close}; from then on nothing fails but by the kernel's will. */
    @FunctionalInterface
    public interface Session extends AutoCloseable {
        @Override
        void close();
    }

    /** The result of a real call, or the planned one. */
    static SysResult decide(Supplier<SysResult> real) {
        Call call = callNow();
        Optional<Errno> failure = INFALLIBLE.contains(call.function()) ? Optional.empty() : plan.failure(call);
        if (failure.isEmpty()) {
            return real.get();
        }
        if (RELEASING.contains(call.function())) {
            var ignored = real.get(); // what it releases is released
        }
        return SysResult.of(-1, failure.get().number());
    }

    private static Call callNow() {
        return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                .walk(frames -> {
                    List<StackWalker.StackFrame> ours = frames.filter(frame -> isOurs(frame.getDeclaringClass()))
                            .toList();
                    StackWalker.StackFrame function = ours.getFirst();
                    List<String> callers = ours.stream()
                            .filter(frame ->
                                    !frame.getDeclaringClass().getPackageName().equals(FFM))
                            .map(frame -> frame.getDeclaringClass().getSimpleName())
                            .distinct()
                            .toList();
                    return new Call(function.getDeclaringClass().getSimpleName() + "." + method(function), callers);
                });
    }

    private static boolean isOurs(Class<?> type) {
        return type.getName().startsWith(LAB) && !PLUMBING.contains(type) && !type.isHidden();
    }

    /** A lambda's body is a method of its own, {@code lambda$recv$0}. */
    private static String method(StackWalker.StackFrame frame) {
        String[] parts = frame.getMethodName().split("\\$", -1);
        return parts.length > 1 ? parts[1] : parts[0];
    }
}
