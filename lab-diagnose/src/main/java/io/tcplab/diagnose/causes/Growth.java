package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.Activity;
import io.tcplab.diagnose.sample.Sample;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How the open connections to one destination, to one port of many addresses, or those accepted on one port, have changed while this
 * looked.
 *
 * @param accepted whether they were accepted here
 * @param where {@code 10.0.0.2:5432}: the destination, or where they were accepted
 * @param stayed those that are there at the end
 * @param came of those, how many weren't there at the beginning
 * @param went how many were closed, by either side, or are about to
 * @param looks at which new ones were seen, of those after the first
 * @param goesOn whether new ones came in the first half of the time, and in the last third
 */
record Growth(boolean accepted, String where, List<SocketLife> stayed, int came, int went, int looks, boolean goesOn) {
    private static final int LEAST = 5;
    private static final int MANY = 10;
    private static final int FEWEST_LOOKS = 3;

    /** Bursts are seen at every other look or so: of fewer looks too few may have been in time. */
    private static final int ENOUGH_LOOKS = 2 * FEWEST_LOOKS;

    /** Of this many that came one may have gone. */
    private static final int PER_CLOSED = 10;

    /** The first exchange may still have been under way when a connection was first seen. */
    private static final Duration FIRST_EXCHANGE = Duration.ofSeconds(1);

    /** Only what was seen for this long has had time to be used again. */
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(2);

    private static final double MOST = 0.9;

    private static final int FEWEST_OLD = 3;

    private static final Duration A_WHILE = Duration.ofSeconds(10);

    /**
     * Of the places to which the target has, or had, connections: those where enough came to say that they become more, or, by a single
     * look, where there are enough that may do so.
     */
    static List<Growth> all(Evidence evidence) {
        Map<Place, List<SocketLife>> places =
                among(evidence, life -> !life.last().isSelfConnected(), life -> Place.of(evidence, life.last()));
        List<Growth> growths = new ArrayList<>();
        places.forEach((place, lives) -> {
            SocketRow one = lives.getFirst().last();
            growths.add(of(evidence, place.accepted(), place.accepted() ? one.local() : one.peer(), lives));
        });
        return growths;
    }

    /** Of connections to few of which there are many to one place: by the port, whatever the address. */
    static List<Growth> scattered(Evidence evidence) {
        Map<Integer, List<SocketLife>> ports = among(
                evidence,
                life -> !evidence.isAccepted(life.last()),
                life -> life.last().peerPort());
        List<Growth> growths = new ArrayList<>();
        ports.forEach((port, lives) -> {
            long addresses = lives.stream()
                    .map(life -> life.last().peerAddress())
                    .distinct()
                    .count();
            if (addresses >= LEAST && addresses * LEAST > lives.size()) {
                growths.add(of(evidence, false, "port " + port + " of " + Words.count(addresses, "address"), lives));
            }
        });
        return growths;
    }

    /** Connections by what they have in common, where enough of those that are open now came while this looked. */
    private static <K> Map<K, List<SocketLife>> among(
            Evidence evidence, Predicate<SocketLife> which, Function<SocketLife, K> key) {
        Map<K, Integer> came = new HashMap<>();
        candidates(evidence)
                .filter(life -> life.state() == TcpState.ESTABLISHED && which.test(life))
                .forEach(life -> came.merge(key.apply(life), 1, Integer::sum));
        came.values().removeIf(count -> count < LEAST);
        if (came.isEmpty()) {
            return Map.of();
        }
        return Stream.concat(evidence.lives().present(), evidence.lives().gone().stream())
                .filter(life -> life.state().isSynchronized() && which.test(life) && came.containsKey(key.apply(life)))
                .collect(Collectors.groupingBy(key));
    }

    /** Of a single look it is unknown which came. */
    private static Stream<SocketLife> candidates(Evidence evidence) {
        return evidence.samples().size() == 1 ? evidence.lives().present() : evidence.lives().arrived().stream();
    }

    private static Growth of(Evidence evidence, boolean accepted, String where, List<SocketLife> lives) {
        long begin = evidence.first().atNanos();
        long end = evidence.last().atNanos();
        List<SocketLife> stayed = new ArrayList<>();
        TreeSet<Long> arrivals = new TreeSet<>();
        int came = 0;
        for (SocketLife life : lives) {
            if (life.state() == TcpState.ESTABLISHED && life.lastNanos() == end) {
                stayed.add(life);
                if (life.firstNanos() > begin) {
                    came++;
                    arrivals.add(life.firstNanos());
                }
            }
        }
        Sample second = evidence.samples().get(Math.min(1, evidence.samples().size() - 1));
        long early = Math.max(second.atNanos(), begin + (end - begin) / 2);
        boolean goesOn = !arrivals.isEmpty() && arrivals.first() <= early && arrivals.last() > end - (end - begin) / 3;
        return new Growth(accepted, where, stayed, came, lives.size() - stayed.size(), arrivals.size(), goesOn);
    }

    /** Whether they become more, be it in bursts, and hardly one is closed. */
    boolean isSteady() {
        return isMore() && goesOn && isOften();
    }

    /** Whether they may become more, and there were too few looks, or they were too short, to tell. */
    boolean isUntold(Evidence evidence) {
        int later = evidence.samples().size() - 1;
        if (later == 0) {
            return stayed.size() >= LEAST;
        }
        boolean tooFew = later < ENOUGH_LOOKS && !isOften();
        boolean tooShort = evidence.window().compareTo(LONG_ENOUGH.multipliedBy(2)) < 0 && old().size() < FEWEST_OLD;
        return isMore() && (tooFew || tooShort);
    }

    /** How long it would take to tell, looking as often as this did. */
    static Duration enough(Evidence evidence) {
        int later = Math.max(1, evidence.samples().size() - 1);
        Duration looks = evidence.window().multipliedBy(ENOUGH_LOOKS).dividedBy(later);
        return looks.compareTo(A_WHILE) < 0 ? A_WHILE : looks;
    }

    private boolean isMore() {
        return came >= LEAST && went * PER_CLOSED <= came;
    }

    private boolean isOften() {
        return looks >= FEWEST_LOOKS || (looks == FEWEST_LOOKS - 1 && came >= MANY);
    }

    /** Whether they become more at look after look. */
    boolean isAllTheTime(Evidence evidence) {
        return isSteady() && looks >= Math.max(FEWEST_LOOKS, (evidence.samples().size() - 1) / 2);
    }

    /** Those that were seen for long enough to be used again. */
    List<SocketLife> old() {
        return stayed.stream()
                .filter(life -> life.seenFor().compareTo(LONG_ENOUGH) >= 0)
                .toList();
    }

    /** Of those, how many have carried nothing since they were first seen, or a second later. */
    long idle() {
        return old().stream().filter(Growth::isIdle).count();
    }

    /** Whether nearly none is used again. */
    boolean isUsedOnce() {
        int old = old().size();
        return old >= FEWEST_OLD && idle() >= old * MOST;
    }

    /** The sockets at the end. */
    List<SocketRow> sockets() {
        return stayed.stream().map(SocketLife::last).toList();
    }

    private static boolean isIdle(SocketLife life) {
        Activity activity = life.atLast().activity();
        long quiet = life.seenFor().minus(FIRST_EXCHANGE).toMillis();
        return activity != null && activity.lastDataSent() >= quiet && activity.lastDataRecv() >= quiet;
    }
}
