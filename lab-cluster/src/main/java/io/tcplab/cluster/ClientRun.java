package io.tcplab.cluster;

import io.tcplab.client.LoadReport;
import io.tcplab.containers.RemoteHost;
import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.cell.TimedLoad;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** One client's part of a storm, from when it is ready. */
final class ClientRun {
    /** The report shows how late the client was; that isn't to end the wait. */
    private static final Duration ANY_LAG = Duration.ofDays(1);

    /** Until what nothing comes of has gone wrong. */
    private static final Duration MARGIN = Duration.ofSeconds(30);

    private final Station station;
    private final RemoteHost.Prepared ready;
    private final AtomicReference<Optional<TimedLoad>> begun = new AtomicReference<>(Optional.empty());
    private volatile boolean released;

    ClientRun(Station station, RemoteHost.Prepared ready) {
        this.station = station;
        this.ready = ready;
    }

    Station station() {
        return station;
    }

    /** Begins at that instant, and waits for the end; throws {@link EvidenceMissing} if the client is lost on the way. */
    ClientResult.Reported run(long atNanos, StormPlan plan) throws InterruptedException {
        TimedLoad load = ready.begin(atNanos);
        begun.set(Optional.of(load));
        if (released) { // a coordinator that was held up may come to the end of the hold before this
            release();
        }
        LoadReport report = load.awaitEnd(plan.most().plus(MARGIN), ANY_LAG);
        return new ClientResult.Reported(
                station.member().hello().number(),
                station.member().hello().node(),
                new ClientResult.Clock(station.clock().nanos(), station.clock().error()),
                load.startedAtNanos() - atNanos,
                report,
                load.timings(),
                station.host().counters());
    }

    /** Lets go of what is held, or will be; does nothing if the client is lost. */
    void release() {
        released = true;
        begun.get().ifPresent(load -> {
            try {
                load.release();
            } catch (EvidenceMissing lost) {
                // The one who waits for it finds the same.
            }
        });
    }
}
