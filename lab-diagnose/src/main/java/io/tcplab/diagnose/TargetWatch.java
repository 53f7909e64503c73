package io.tcplab.diagnose;

import io.tcplab.diagnose.sample.Sample;
import io.tcplab.diagnose.sample.Sampler;
import io.tcplab.diagnose.sample.Subject;
import io.tcplab.diagnose.sample.Target;
import io.tcplab.diagnose.sample.TargetException;
import io.tcplab.kernel.netns.Namespace;
import java.time.Duration;

/** Keeps an eye on a target: each look is judged together with those of the last seconds. Not for several threads. */
public final class TargetWatch implements AutoCloseable {
    /** As long as a diagnosis looks: then a finding says the same here and there. */
    private static final Duration WINDOW = Duration.ofSeconds(10);

    private final Subject subject;
    private final Sampler sampler;
    private final SampleWindow samples = new SampleWindow(true);

    private TargetWatch(Subject subject, Sampler sampler) {
        this.subject = subject;
        this.sampler = sampler;
    }

    /**
     * Takes the first look.
     *
     * @throws TargetException if there is no such target, or this user may not look
     */
    public static TargetWatch open(Target target) {
        Subject subject = Subject.of(target);
        try {
            TargetWatch watching = new TargetWatch(subject, Sampler.sharing(subject));
            try {
                watching.samples.add(FirstLook.of(subject, watching.sampler::sample));
                return watching;
            } catch (RuntimeException e) {
                watching.sampler.close();
                throw e;
            }
        } catch (RuntimeException e) {
            subject.close();
            throw e;
        }
    }

    /** Where its sockets are; closed with this. */
    public Namespace namespace() {
        return subject.namespace();
    }

    /** Looks again. If the target has ended, returns the last result again. */
    public Look next() {
        if (!subject.hasEnded()) {
            Sample sample = sampler.sample();
            samples.add(sample);
            samples.forgetBefore(sample.atNanos() - WINDOW.toNanos());
        }
        return new Look(subject.label(), subject.scope(), samples.all(), samples.costs(), subject.hasEnded());
    }

    @Override
    public void close() {
        sampler.close();
        subject.close();
    }
}
