package io.tcplab.diagnose;

import io.tcplab.diagnose.sample.Sample;
import io.tcplab.diagnose.sample.Sampler;
import io.tcplab.diagnose.sample.Subject;
import io.tcplab.diagnose.sample.Target;
import io.tcplab.diagnose.sample.TargetException;
import java.time.Duration;
import java.util.function.Consumer;

/** Looks at a target for a while, and says what is wrong. Attaches to nothing, changes nothing. */
public final class Diagnostician {
    private static final int LOOKS = 10;
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    /**
     * The pause between two looks is this many times the processor time that a look takes, so that looking doesn't load the machine. By
     * the clock, what others do to a busy machine would leave two looks of a window.
     */
    private static final int REST = 4;

    private Diagnostician() {}

    /**
     * Looks for this long and judges.
     * @param window zero for one look, which shows less: no growth, and no closing sockets
     * @throws TargetException if there is no such target, or this user may not look
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public static Diagnosis diagnose(Target target, Duration window) throws InterruptedException {
        return Diagnosis.of(look(target, window, sample -> {}));
    }

    /**
     * Looks for this long.
     *
     * @param each takes every sample as it comes
     * @throws TargetException if there is no such target, or this user may not look
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public static Look look(Target target, Duration window, Consumer<Sample> each) throws InterruptedException {
        try (Subject subject = Subject.of(target);
                Sampler sampler = Sampler.open(subject)) {
            ProcessorTime spent = new ProcessorTime();
            SampleWindow samples = new SampleWindow(false);
            Consumer<Sample> keep = sample -> {
                samples.add(sample);
                each.accept(sample);
            };
            keep.accept(FirstLook.of(subject, window.isZero() ? sampler::closely : sampler::sample));
            boolean ended = !lookOn(subject, sampler, window, samples, spent, keep);
            return new Look(subject.label(), subject.scope(), samples.all(), samples.costs(), ended);
        }
    }

    /**
     * Goes on until the time is up, or the target has ended; then it returns false. The last look is the close one, also
     * where one before it has outlasted the window.
     */
    private static boolean lookOn(
            Subject subject,
            Sampler sampler,
            Duration window,
            SampleWindow samples,
            ProcessorTime spent,
            Consumer<Sample> keep)
            throws InterruptedException {
        long end = samples.all().getFirst().atNanos() + window.toNanos();
        boolean last = window.isZero();
        while (!last) {
            long pause = pause(window, spent.sinceLastNanos());
            // Nothing to wait for but time: this is what taking samples is.
            Thread.sleep(Duration.ofNanos(Math.clamp(end - System.nanoTime(), 0, pause)));
            if (subject.hasEnded()) {
                return false;
            }
            last = System.nanoTime() >= end;
            keep.accept(last ? sampler.closely() : sampler.glance());
        }
        return !subject.hasEnded();
    }

    private static long pause(Duration window, long spentNanos) {
        long wanted = Math.clamp(window.toNanos() / LOOKS, SHORTEST_PAUSE.toNanos(), LONGEST_PAUSE.toNanos());
        return Math.max(wanted, spentNanos * REST);
    }
}
