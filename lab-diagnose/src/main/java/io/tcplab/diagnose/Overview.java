package io.tcplab.diagnose;

import io.tcplab.diagnose.causes.Evidence;
import io.tcplab.diagnose.sample.Sample;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What there is to see of a target at the latest look.
 *
 * @param states how many sockets are in each state that has any now, or had any at the look before
 * @param rates by the counters of the whole network namespace, a second, since the look before; those that are 0 are missing
 * @param listeners the accept queues
 * @param peers the addresses with the most connections, the most first
 * @param unread bytes in all Recv-Q of connections, but for MPTCP's, which aren't bytes
 * @param unsent bytes in all Send-Q of connections
 * @param cost how long the look took
 * @param diagnosis what is wrong, by the looks of the last seconds
 */
public record Overview(
        Map<TcpState, Level> states,
        Map<String, Double> rates,
        List<AcceptQueue> listeners,
        List<Peer> peers,
        long unread,
        long unsent,
        Duration cost,
        Diagnosis diagnosis) {
    private static final int PEERS = 5;

    /** Counters whose rate says what happens to connections, and what to call that. */
    private static final Map<String, String> RATES = new LinkedHashMap<>();

    static {
        RATES.put("TcpActiveOpens", "opened");
        RATES.put("TcpPassiveOpens", "accepted");
        RATES.put("TcpAttemptFails", "failed to open");
        RATES.put("TcpEstabResets", "reset");
        RATES.put("TcpOutRsts", "RST sent");
        RATES.put("TcpRetransSegs", "retransmitted");
        RATES.put("TcpExtListenOverflows", "accept queue overflowed");
        RATES.put("TcpExtTCPTimeWaitOverflow", "skipped TIME_WAIT");
    }

    /** How many there are now, and how many more than at the look before. */
    public record Level(int sockets, int change) {}

    /** A listener, how many wait for accept(), and how many fit. */
    public record AcceptQueue(String listener, long waiting, long room) {}

    /** An address and how many connections it has. */
    public record Peer(String address, int sockets) {}

    /** The counters behind the rates, by the kernel's names. */
    public static List<String> counters() {
        return List.copyOf(RATES.keySet());
    }

    /** Sums up. Pure; for one look after another {@link Judge} does the same for less. */
    public static Overview of(Look look) {
        return of(look, Evidence.of(look.scope(), look.samples()));
    }

    static Overview of(Look look, Evidence evidence) {
        List<Sample> samples = look.samples();
        Sample last = samples.getLast();
        Sample before = samples.get(Math.max(0, samples.size() - 2));
        return new Overview(
                states(evidence),
                rates(before, last),
                listeners(evidence),
                peers(evidence),
                evidence.totals().unread(),
                evidence.totals().unsent(),
                Duration.ofNanos(last.tookNanos()),
                Diagnosis.of(look, evidence));
    }

    private static Map<TcpState, Level> states(Evidence evidence) {
        Map<TcpState, Integer> then = evidence.countsBefore();
        Map<TcpState, Integer> now = evidence.counts();
        Map<TcpState, Level> levels = new EnumMap<>(TcpState.class);
        for (TcpState state : TcpState.values()) {
            int were = then.getOrDefault(state, 0);
            int are = now.getOrDefault(state, 0);
            if (were > 0 || are > 0) {
                levels.put(state, new Level(are, are - were));
            }
        }
        return levels;
    }

    private static Map<String, Double> rates(Sample before, Sample last) {
        double seconds = (last.counters().atNanos() - before.counters().atNanos()) / 1e9;
        Map<String, Double> rates = new LinkedHashMap<>();
        RATES.forEach((counter, words) -> {
            if (seconds > 0 && last.counters().has(counter)) {
                long went = last.counters().get(counter) - before.counters().get(counter);
                if (went > 0) {
                    rates.put(words, went / seconds);
                }
            }
        });
        return rates;
    }

    private static List<AcceptQueue> listeners(Evidence evidence) {
        return evidence.in(TcpState.LISTEN).stream()
                .map(socket -> new AcceptQueue(socket.local(), socket.recvQueue(), socket.sendQueue() + 1))
                .sorted(Comparator.comparingLong(AcceptQueue::waiting)
                        .reversed()
                        .thenComparing(AcceptQueue::listener))
                .toList();
    }

    private static List<Peer> peers(Evidence evidence) {
        return evidence.totals().peers().entrySet().stream()
                .map(peer -> new Peer(peer.getKey().getHostAddress(), peer.getValue()))
                .sorted(Comparator.comparingInt(Peer::sockets).reversed().thenComparing(Peer::address))
                .limit(PEERS)
                .toList();
    }
}
