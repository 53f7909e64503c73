package io.tcplab.experiments.faults;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.ffm.SystemCallFaults.Call;
import io.tcplab.kernel.ffm.SystemCallFaults.Plan;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Fails one call, counted over all threads from 1, and notes which one that was. */
final class NthCall implements Plan {
    private final long nth;
    private final Errno errno;
    private final AtomicLong calls = new AtomicLong();
    private final AtomicReference<Optional<Call>> struck = new AtomicReference<>(Optional.empty());

    /**
     * A plan for one run.
     *
     * @param nth 0 for none, to count
     */
    NthCall(long nth, Errno errno) {
        this.nth = nth;
        this.errno = errno;
    }

    @Override
    public Optional<Errno> failure(Call call) {
        if (calls.incrementAndGet() != nth) {
            return Optional.empty();
        }
        struck.set(Optional.of(call));
        return Optional.of(errno);
    }

    /** How many there have been. */
    long calls() {
        return calls.get();
    }

    /** The one that failed; empty if there weren't so many. */
    Optional<Call> struck() {
        return struck.get();
    }
}
