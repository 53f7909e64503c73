package io.tcplab.experiments.ladder;

import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.cell.Cell;
import io.tcplab.experiments.cell.Host;
import io.tcplab.experiments.cell.LinkWatch;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.counters.Counters;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.kernel.transitions.Recording;
import io.tcplab.kernel.wire.WireSegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Follows one connection of a cell. Each of its segments is an occasion to look at both hosts, at sock_diag and the
 * counters; and so that what timers do isn't missed, they are looked at some times a second besides. State changes come from
 * the cell's own recording, if its plan asked for one.
 */
public final class LadderRecorder implements AutoCloseable {
    /** The kernel doesn't report the end of TIME_WAIT, or of a half-open connection. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    /** Said of state changes that the recording doesn't tell. */
    static final String BY_LOOKS =
            "state changes by sock_diag only, so their times are late by up to " + LOOK_AGAIN.toMillis() + " ms";

    private final Cell cell;
    private final LinkWatch watch;
    private final List<Look> looks = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Map<Role, Counters> counters = new EnumMap<>(Role.class);
    private CompletableFuture<Void> ended = CompletableFuture.completedFuture(null);
    private volatile boolean stopping;

    private LadderRecorder(Cell cell, LinkWatch watch) {
        this.cell = cell;
        this.watch = watch;
    }

    /**
     * Begins, best before anything else happens in the cell.
     *
     * @param nth which connection to follow, in the order of their first SYNs; 1 is the first
     * @throws EvidenceMissing if the cell's link can't be looked at
     */
    public static LadderRecorder start(Cell cell, int nth) {
        LadderRecorder recorder = new LadderRecorder(cell, cell.watch(new Follow(nth)));
        for (Role host : Role.values()) {
            recorder.counters.put(host, cell.host(host).counters());
        }
        recorder.begin();
        return recorder;
    }

    /** Ends, once, before the cell is closed. */
    public Ladder stop() {
        end();
        List<WireSegment> segments = evidence(watch::finish, "segments").orElse(List.of());
        Optional<Recording> recording = evidence(cell::recording, BY_LOOKS);
        return LadderAssembly.of(segments, recording, looks, notes);
    }

    @Override
    public void close() {
        end();
        watch.close();
    }

    private void begin() {
        ended = CompletableFuture.runAsync(
                this::follow, Thread.ofPlatform().name("ladder").daemon()::start);
    }

    private void end() {
        stopping = true;
        // Not to be interrupted: the cell must not be closed under the recorder, and it ends soon.
        ended.join();
    }

    private void follow() {
        try {
            int seen = 0;
            while (seen == 0 && !stopping) {
                seen = watch.awaitMoreThan(seen, LOOK_AGAIN);
            }
            if (seen > 0) {
                Endpoints connection = Endpoints.of(watch.segments().getFirst());
                do {
                    look(connection);
                    seen = watch.awaitMoreThan(seen, LOOK_AGAIN);
                } while (!stopping);
                look(connection);
            }
        } catch (EvidenceMissing | KernelException | IllegalStateException e) {
            notes.add("states and counters could no longer be read: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(Endpoints connection) {
        for (Role role : Role.values()) {
            Host host = cell.host(role);
            Census census = host.census(connection.query(role));
            Optional<TcpState> state = census.sockets().stream()
                    .filter(socket -> connection.has(role, socket))
                    .map(TcpSocket::state)
                    .findFirst();
            Counters now = host.counters();
            Counters before = Objects.requireNonNull(counters.put(role, now), "read at the start");
            looks.add(new Look(census.atNanos(), role, state, Counting.between(before, now)));
        }
    }

    private <T> Optional<T> evidence(Supplier<T> source, String what) {
        try {
            return Optional.of(source.get());
        } catch (EvidenceMissing missing) {
            notes.add(what + ": " + missing.getMessage());
            return Optional.empty();
        }
    }
}
