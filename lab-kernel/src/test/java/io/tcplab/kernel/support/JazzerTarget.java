package io.tcplab.kernel.support;

import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What Jazzer's driver calls, by these names: it makes inputs, sees which code they reach, and goes on with those that reach
 * more. {@code scripts/torture jazzer} starts it for each target.
 */
public final class JazzerTarget {
    private static @Nullable FuzzTarget target;

    private JazzerTarget() {}

    /** Takes the class of tests and the target's file name. */
    public static void fuzzerInitialize(String[] args) throws ReflectiveOperationException {
        target = of(args[0]).stream()
                .filter(one -> one.fileName().equals(args[1]))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no target " + args[1] + " in " + args[0]));
    }

    /** What a class of {@link FuzzTests} lists. */
    static List<FuzzTarget> of(String tests) throws ReflectiveOperationException {
        Method targets = Class.forName(tests).getDeclaredMethod("targets");
        targets.setAccessible(true);
        return ((List<?>) targets.invoke(null))
                .stream().map(FuzzTarget.class::cast).toList();
    }

    /**
     * Anything thrown is a finding: Jazzer ends, and leaves a file with the input. Jazzer instruments each class on the thread that
     * loads it, which counts as the decoder's memory and time; so what fails is tried again, when all classes are there.
     */
    public static void fuzzerTestOneInput(byte[] input) {
        if (target == null) {
            throw new IllegalStateException("not initialised");
        }
        if (target.attempt(input).failure().isPresent()) {
            target.attempt(input).failure().ifPresent(failure -> {
                throw new AssertionError(failure);
            });
        }
    }
}
