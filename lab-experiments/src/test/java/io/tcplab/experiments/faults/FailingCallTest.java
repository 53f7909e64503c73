package io.tcplab.experiments.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.experiments.UsageException;
import io.tcplab.experiments.Verdict;
import io.tcplab.experiments.catalogue.Catalogue;
import io.tcplab.experiments.cell.NamespaceSandbox;
import io.tcplab.experiments.run.Preflight;
import io.tcplab.experiments.run.RunListener;
import io.tcplab.experiments.run.RunRequest;
import io.tcplab.experiments.run.RunResult;
import io.tcplab.experiments.run.Runner;
import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.ffm.SystemCallFaults;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each system call of a small run fails in turn. The run may make up for it; otherwise it is inconclusive, with a reason that
 * says what was tried and the kernel's answer. Whatever it had opened is closed.
 *
 * <p>Here a few calls fail with each error; {@code scripts/torture faults} takes all of them. Netty's own calls aren't among
 * them: it makes them in its native libraries.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FailingCallTest {
    private static final List<Errno> ERRORS =
            List.of(Errno.EINTR, Errno.EPERM, Errno.ENOBUFS, Errno.EMFILE, Errno.ENOMEM, Errno.ENOSPC);

    /**
     * A small run.
     *
     * @param few how many of its calls fail here with each error
     */
    record Subject(String experiment, Map<String, String> settings, int few) {
        @Override
        public String toString() {
            return experiment;
        }
    }

    /** Netty's server and client, counters, /proc files. */
    private static final Subject LEAK =
            new Subject("close-wait-leak", Map.of("connections", "2", "fin-timeout", "1"), 1);

    private static final List<Subject> SUBJECTS = List.of(
            // Calls on TCP sockets, sock_diag, perf events, over a veth.
            new Subject("three-way-handshake", Map.of("connections", "2"), 2),
            LEAK,
            // The wire: packet rings, ppoll, another namespace.
            new Subject("simultaneous-open", Map.of(), 1));

    private final Map<Subject, Long> calls = new HashMap<>();

    /** How a run ended. */
    private record Ending(String kind, String words) {}

    static Stream<Arguments> cases() {
        return SUBJECTS.stream().flatMap(subject -> ERRORS.stream().map(errno -> Arguments.of(subject, errno)));
    }

    @BeforeAll
    void countTheCalls() throws InterruptedException {
        for (Subject subject : SUBJECTS) {
            run(subject); // opens what is opened once for all runs
            NthCall counting = new NthCall(0, Errno.UNKNOWN);
            SystemCallFaults.Session following = SystemCallFaults.follow(counting);
            try (following) {
                Ending ending = run(subject);
                assertThat(ending.kind()).as(ending.words()).isIn("confirmed", "too busy");
            }
            calls.put(subject, counting.calls());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isNamedAndLeavesNothing(Subject subject, Errno errno) throws InterruptedException {
        long all = calls.getOrDefault(subject, 0L);
        Map<String, Integer> endings = new TreeMap<>();
        List<String> violations = new ArrayList<>();
        for (long nth : spread(all, subject.few, errno.number())) {
            NthCall plan = new NthCall(nth, errno);
            Footprint before = Footprint.now();
            Ending ending;
            SystemCallFaults.Session following = SystemCallFaults.follow(plan);
            try (following) {
                ending = run(subject);
            }
            if (plan.struck().isEmpty()) {
                continue; // this run made fewer calls
            }
            String call = plan.struck().get().toString();
            endings.merge(ending.kind() + " after " + plan.struck().get().function(), 1, Integer::sum);
            problems(ending, errno, before).forEach(problem -> violations.add(nth + ", " + call + ": " + problem));
        }
        System.out.printf(
                "faults: %s: %s at %d of %d calls: %s%n",
                subject.experiment,
                errno,
                endings.values().stream().mapToInt(Integer::intValue).sum(),
                all,
                endings);
        assertThat(violations)
                .as("of %d calls, those that fail with %s", all, errno)
                .isEmpty();
    }

    /** An event loop's, which Netty waits for whatever became of it. */
    @ParameterizedTest
    @ValueSource(strings = {"server-0", "client-0"})
    void aThreadThatCantEnterItsNamespaceIsNamedAndLeavesNothing(String thread) throws InterruptedException {
        AtomicBoolean struck = new AtomicBoolean();
        Footprint before = Footprint.now();
        Ending ending;
        SystemCallFaults.Session following =
                SystemCallFaults.follow(call -> call.function().equals("Libc.setns")
                                && Thread.currentThread().getName().equals(thread)
                                && struck.compareAndSet(false, true)
                        ? Optional.of(Errno.EMFILE)
                        : Optional.empty());
        try (following) {
            ending = run(LEAK);
        }
        assertThat(struck).isTrue();
        assertThat(ending.kind()).as(ending.words()).isEqualTo("inconclusive");
        assertThat(problems(ending, Errno.EMFILE, before)).isEmpty();
    }

    private static List<String> problems(Ending ending, Errno errno, Footprint before) throws InterruptedException {
        List<String> problems = new ArrayList<>(Footprint.beyond(before));
        switch (ending.kind()) {
            case "confirmed", "too busy" -> {}
            case "inconclusive", "refused" -> {
                if (!ending.words().contains(errno.name())) {
                    problems.add(ending.kind() + ", but doesn't name the error: " + ending.words());
                }
            }
            default -> problems.add(ending.kind() + ": " + ending.words());
        }
        return problems;
    }

    /** All of them, or a few that differ from one error to the next. */
    private static long[] spread(long all, int few, int offset) {
        int step = Integer.getInteger("lab.torture", 0);
        if (step > 0) {
            return LongStream.rangeClosed(1, all)
                    .filter(nth -> nth % step == offset % step)
                    .toArray();
        }
        return LongStream.range(0, few)
                .map(i -> 1 + (i * all / few + offset * 37L) % all)
                .toArray();
    }

    private static Ending run(Subject subject) throws InterruptedException {
        List<RunResult> results = new ArrayList<>();
        try {
            RunRequest request = new RunRequest(
                    List.of(Catalogue.byName(subject.experiment)),
                    subject.settings,
                    Map.of(),
                    new NamespaceSandbox(),
                    1,
                    false,
                    1);
            new Runner(new NamespaceSandbox(), new RunListener() {}).run(Preflight.prepare(request), results::add);
        } catch (UsageException | KernelException e) {
            return new Ending("refused", String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            return new Ending("broke off", withCauses(e));
        }
        RunResult result = results.getFirst();
        String reasons = result.reason() + result.expectations();
        boolean busy = result.verdict() == Verdict.INCONCLUSIVE && reasons.contains("the machine was too busy");
        return new Ending(busy ? "too busy" : result.verdict().label(), reasons);
    }

    private static String withCauses(Throwable failure) {
        return String.join(
                ", because ",
                Stream.<Throwable>iterate(failure, one -> one != null, Throwable::getCause)
                        .map(Throwable::toString)
                        .toList());
    }
}
