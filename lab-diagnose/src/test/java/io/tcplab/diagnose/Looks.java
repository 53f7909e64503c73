package io.tcplab.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.diagnose.causes.Finding;
import io.tcplab.diagnose.sample.ProcessSample;
import io.tcplab.diagnose.sample.Sample;
import io.tcplab.diagnose.sample.Scope;
import io.tcplab.diagnose.sample.Settings;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.counters.Counters;
import io.tcplab.kernel.processes.SocketHolder;
import io.tcplab.kernel.processes.SocketHolders;
import io.tcplab.kernel.sockets.MptcpListing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Builds looks at a server, process 7, that listens on {@link Sockets#PORT}. */
final class Looks {
    static final int PID = 7;

    /** By which processes hold sockets. */
    static final int FD = 5;

    private final List<Sample> samples = new ArrayList<>();
    private final Map<String, Long> counters = new HashMap<>();
    private final Map<Long, List<SocketHolder>> holders = new HashMap<>();
    private final Map<Integer, ProcessSample> processes = new HashMap<>();
    private final Map<String, String> sysctls = new HashMap<>(Map.of(
            Settings.PORT_RANGE, "40000 40999",
            Settings.TW_BUCKETS, "1000",
            Settings.TW_REUSE, "0",
            Settings.FIN_TIMEOUT, "60"));
    private Scope scope = new Scope.Everything();
    private List<SocketRow> bound = List.of();
    private boolean complete = true;
    private long atNanos;

    Looks scope(Scope wanted) {
        scope = wanted;
        return this;
    }

    /** From now on these hold the socket. */
    Looks holders(SocketRow socket, int... pids) {
        List<SocketHolder> all = new ArrayList<>();
        for (int pid : pids) {
            all.add(new SocketHolder(pid, FD));
        }
        holders.put(socket.inode(), all);
        return this;
    }

    Looks process(ProcessSample process) {
        processes.put(process.stat().id(), process);
        return this;
    }

    Looks counter(String name, long value) {
        counters.put(name, value);
        return this;
    }

    Looks sysctl(String name, String value) {
        sysctls.put(name, value);
        return this;
    }

    /** From now on these are bound, and neither listen nor are connected. */
    Looks bound(SocketRow... sockets) {
        bound = List.of(sockets);
        return this;
    }

    Looks interrupted() {
        complete = false;
        return this;
    }

    /** Another look, so long after the one before. */
    Looks after(Duration time, List<SocketRow> sockets) {
        atNanos += time.toNanos();
        samples.add(new Sample(
                atNanos,
                0,
                sockets.stream().map(socket -> Sockets.seenAt(socket, atNanos)).toList(),
                bound,
                complete,
                new Counters(atNanos, counters),
                new SocketHolders(holders, Set.of(), Set.of()),
                processes,
                new Settings(sysctls),
                MptcpListing.LISTED));
        return this;
    }

    Look look() {
        List<Duration> costs = samples.stream()
                .map(sample -> Duration.ofNanos(sample.tookNanos()))
                .toList();
        return new Look("process 7 (server)", scope, samples, costs, false);
    }

    Diagnosis diagnosis() {
        return Diagnosis.of(look());
    }

    /** The same sockets at the beginning and five seconds later. */
    static Diagnosis unchanged(SocketRow... sockets) {
        return new Looks()
                .after(Duration.ZERO, List.of(sockets))
                .after(Duration.ofSeconds(5), List.of(sockets))
                .diagnosis();
    }

    /** The only finding of a diagnosis. */
    static Finding only(Diagnosis diagnosis) {
        assertThat(diagnosis.findings()).hasSize(1);
        return diagnosis.findings().getFirst();
    }

    /** Fails unless nothing is wrong, and a sentence that begins like this and has these words says why. */
    static void assertOnlyObserves(Diagnosis diagnosis, String begin, String... words) {
        assertThat(diagnosis.findings()).isEmpty();
        assertThat(diagnosis.observations())
                .anyMatch(line -> line.startsWith(begin) && Stream.of(words).allMatch(line::contains));
    }

    /** The causes that a diagnosis names. */
    static List<String> causes(Diagnosis diagnosis) {
        return diagnosis.findings().stream().map(Finding::cause).toList();
    }
}
