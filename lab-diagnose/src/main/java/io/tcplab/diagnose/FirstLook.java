package io.tcplab.diagnose;

import io.tcplab.diagnose.causes.Membership;
import io.tcplab.diagnose.sample.Nearby;
import io.tcplab.diagnose.sample.Sample;
import io.tcplab.diagnose.sample.Scope;
import io.tcplab.diagnose.sample.Subject;
import io.tcplab.diagnose.sample.TargetException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** The first look at a target that shows anything of it. */
final class FirstLook {
    /** Clients that try again and again have no socket between two tries. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Duration AGAIN = Duration.ofMillis(50);

    /** On a machine so busy that a look takes a second. */
    private static final int FEWEST_LOOKS = 4;

    private FirstLook() {}

    /**
     * Looks until the target is seen.
     *
     * @throws TargetException if no socket uses the port for a second, and for some looks; if a process's descriptors are hidden from this user
     */
    static Sample of(Subject subject, Supplier<Sample> look) {
        return switch (subject.scope()) {
            case Scope.Everything everything -> look.get();
            case Scope.OfProcess of -> permitted(subject, of, look.get());
            case Scope.OnPort on -> used(subject, on, look);
        };
    }

    private static Sample permitted(Subject subject, Scope.OfProcess of, Sample sample) {
        if (sample.holders().denied().contains(of.pid())) {
            throw new TargetException(
                    TargetException.Reason.DENIED,
                    subject.label() + " belongs to another user, so its sockets aren't visible:"
                            + " run as root, or give its port: --port");
        }
        return sample;
    }

    private static Sample used(Subject subject, Scope.OnPort on, Supplier<Sample> look) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Sample sample = look.get();
        for (int looks = 1; !isUsed(on, sample); looks++) {
            if (looks >= FEWEST_LOOKS && System.nanoTime() > deadline) {
                throw new TargetException(
                        TargetException.Reason.ABSENT,
                        "nobody listens on port " + on.port() + ", and no connection uses it"
                                + Nearby.listening(subject.namespace(), on.port()));
            }
            LockSupport.parkNanos(AGAIN.toNanos());
            sample = look.get();
        }
        return sample;
    }

    private static boolean isUsed(Scope.OnPort on, Sample sample) {
        Membership membership = Membership.of(on, List.of(sample));
        return sample.sockets().stream().anyMatch(membership::has)
                || sample.bound().stream().anyMatch(membership::hasBound);
    }
}
