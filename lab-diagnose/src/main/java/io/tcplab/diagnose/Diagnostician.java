package io.tcplab.diagnose;

import io.tcplab.diagnose.sample.Sample;
import io.tcplab.diagnose.sample.Sampler;
import io.tcplab.diagnose.sample.Scope;
import io.tcplab.diagnose.sample.Subject;
import io.tcplab.diagnose.sample.Target;
import io.tcplab.diagnose.sample.TargetException;
import io.tcplab.kernel.processes.Processes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Looks at a target for a while, and says what is wrong. Attaches to nothing, changes nothing. */
public final class Diagnostician {
    private static final int LOOKS = 10;
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    /** Looking shall not cost the machine more than this share of the time between looks. */
    private static final int COST_SHARE = 4;

    private Diagnostician() {}

    /**
     * Looks for so long and judges.
     *
     * @param window zero for one look, which tells less: what grows or goes away can't be told
     * @throws TargetException if there is no such target, or this user may not look
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public static Diagnosis diagnose(Target target, Duration window) throws InterruptedException {
        try (Subject subject = Subject.of(target);
                Sampler sampler = Sampler.open(subject)) {
            List<Sample> samples = samples(subject, sampler, window);
            return Diagnosis.of(subject.label(), subject.scope(), samples, hasEnded(subject.scope()));
        }
    }

    private static List<Sample> samples(Subject subject, Sampler sampler, Duration window) throws InterruptedException {
        List<Sample> samples = new ArrayList<>();
        samples.add(sampler.sample());
        long end = samples.getFirst().atNanos() + window.toNanos();
        while (System.nanoTime() < end) {
            long pause = pause(window, samples.getLast());
            // A sampling tool waits for nothing but time.
            Thread.sleep(Duration.ofNanos(Math.min(pause, Math.max(0, end - System.nanoTime()))));
            if (hasEnded(subject.scope())) {
                return samples;
            }
            samples.add(System.nanoTime() < end ? sampler.glance(true) : sampler.sample());
        }
        return samples;
    }

    private static long pause(Duration window, Sample last) {
        long wanted = Math.clamp(window.toNanos() / LOOKS, SHORTEST_PAUSE.toNanos(), LONGEST_PAUSE.toNanos());
        return Math.max(wanted, last.tookNanos() * COST_SHARE);
    }

    private static boolean hasEnded(Scope scope) {
        return scope instanceof Scope.OfProcess process
                && Processes.stat(process.pid()).isEmpty();
    }
}
