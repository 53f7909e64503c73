package io.tcplab.diagnose;

import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT2;
import static io.tcplab.kernel.sockets.TcpState.LAST_ACK;
import static io.tcplab.kernel.sockets.TcpState.SYN_SENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.diagnose.causes.Evidence;
import io.tcplab.diagnose.causes.Finding;
import io.tcplab.diagnose.causes.Membership;
import io.tcplab.diagnose.sample.Sample;
import io.tcplab.diagnose.sample.Scope;
import io.tcplab.diagnose.sample.Settings;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.counters.Counters;
import io.tcplab.kernel.processes.SocketHolder;
import io.tcplab.kernel.processes.SocketHolders;
import io.tcplab.kernel.sockets.MptcpListing;
import io.tcplab.kernel.sockets.SocketTimer;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Judging one look after another says what judging each afresh says. */
class JudgeTest {
    private static final int SEQUENCES = 40;
    private static final int LOOKS = 30;
    private static final int PLACES = 60;

    private static final List<TcpState> STATES = List.of(ESTABLISHED, CLOSE_WAIT, FIN_WAIT2, LAST_ACK, SYN_SENT);

    static Stream<Scope> scopes() {
        return Stream.of(new Scope.Everything(), new Scope.OnPort(Sockets.PORT), new Scope.OfProcess(Looks.PID));
    }

    @ParameterizedTest
    @MethodSource("scopes")
    void aLookIsJudgedAsIfItWereTheFirst(Scope scope) {
        Set<String> found = new HashSet<>();
        for (int seed = 0; seed < SEQUENCES; seed++) {
            Scene scene = new Scene(scope, seed);
            Judge judge = new Judge();
            for (int number = 0; number < LOOKS; number++) {
                Look look = scene.next();
                Overview overview = judge.overview(look);
                assertThat(overview).as("look %d of seed %d", number, seed).isEqualTo(Overview.of(look));
                overview.diagnosis().findings().stream().map(Finding::cause).forEach(found::add);
            }
        }
        assertThat(found).contains("eof-read-not-closed", "eof-not-read", "slow-close");
    }

    /** A row that looks share has the ages of the first of them. */
    @ParameterizedTest
    @MethodSource("scopes")
    void sharedRowsAreJudgedByTheirAgesAtEachLook(Scope scope) {
        int compared = 0;
        for (int seed = 0; seed < SEQUENCES; seed++) {
            Scene scene = new Scene(scope, seed);
            for (int number = 0; number < LOOKS; number++) {
                Look look = scene.next();
                if (!hasSocketTwice(look)) {
                    compared++;
                    assertThat(Overview.of(look))
                            .as("look %d of seed %d", number, seed)
                            .isEqualTo(Overview.of(withRowsOfEachLook(look)));
                }
            }
        }
        assertThat(compared).isGreaterThan(SEQUENCES * LOOKS / 4);
    }

    private static Look withRowsOfEachLook(Look look) {
        List<Sample> samples = look.samples().stream()
                .map(sample -> new Sample(
                        sample.atNanos(),
                        sample.tookNanos(),
                        sample.sockets().stream()
                                .map(row -> Sockets.seenAt(row.asOf(sample.atNanos()), sample.atNanos()))
                                .toList(),
                        sample.bound(),
                        sample.complete(),
                        sample.counters(),
                        sample.holders(),
                        sample.processes(),
                        sample.settings(),
                        sample.mptcp()))
                .toList();
        return new Look(look.target(), look.scope(), samples, look.costs(), look.ended());
    }

    /** Then which row of it counts depends on whether it is the same as before. */
    private static boolean hasSocketTwice(Look look) {
        return look.samples().stream()
                .map(Sample::sockets)
                .anyMatch(
                        rows -> rows.stream().map(SocketRow::cookie).distinct().count() < rows.size());
    }

    /** Whatever looks share, it is learned as from each of them by itself. */
    @ParameterizedTest
    @MethodSource("scopes")
    void theTargetsSocketsAreThoseOfAllLooks(Scope scope) {
        for (int seed = 0; seed < SEQUENCES; seed++) {
            Scene scene = new Scene(scope, seed);
            for (int number = 0; number < LOOKS; number++) {
                List<Sample> samples = scene.next().samples();
                assertThat(Evidence.of(scope, samples).sockets())
                        .as("look %d of seed %d", number, seed)
                        .isEqualTo(samples.getLast().sockets().stream()
                                .filter(Membership.of(scope, samples)::has)
                                .toList());
            }
        }
    }

    @Test
    void anotherTargetIsJudgedAfresh() {
        Judge judge = new Judge();
        Look one = new Scene(new Scope.Everything(), 1).next();
        Look other = new Scene(new Scope.OnPort(Sockets.PORT), 2).next();
        judge.overview(one);
        assertThat(judge.overview(other)).isEqualTo(Overview.of(other));
        assertThat(judge.overview(one)).isEqualTo(Overview.of(one));
    }

    /** A server's sockets that come, change, rest and go by chance; some looks miss one, see one twice, or in another order. */
    private static final class Scene {
        private final Scope scope;
        private final Random random;
        private final Map<Integer, SocketRow> open = new TreeMap<>();
        private final SampleWindow window = new SampleWindow(true);
        private long atNanos;
        private long attempts;
        private SocketHolders found = SocketHolders.none();
        private boolean listening = true;
        private String ports = "40000 40999";

        Scene(Scope scope, long seed) {
            this.scope = scope;
            this.random = new Random(seed);
        }

        Look next() {
            atNanos += Duration.ofMillis(200 + random.nextInt(1500)).toNanos();
            // Now and then nothing happens for a while.
            int events = random.nextInt(3) == 0 ? 0 : random.nextInt(8);
            IntStream.range(0, events).forEach(event -> happen(random.nextInt(PLACES)));
            window.add(sample());
            window.forgetBefore(atNanos - Duration.ofSeconds(10).toNanos());
            return new Look("process 7 (server)", scope, window.all(), window.costs(), false);
        }

        private void happen(int place) {
            switch (random.nextInt(5)) {
                case 0 -> open.remove(place);
                case 1 -> open.computeIfPresent(place, (any, row) -> similar(row));
                default -> open.put(place, socket(place, STATES.get(random.nextInt(STATES.size()))));
            }
        }

        /** By the kernel's word, or its silence, of a connection that was accepted or opened. */
        private SocketRow socket(int place, TcpState state) {
            long silent = 1000L * random.nextInt(100);
            Sockets socket =
                    place % 3 == 0 ? Sockets.opened(state, place, silent) : Sockets.accepted(state, place, silent);
            socket = random.nextBoolean() ? socket.unread(random.nextInt(3)) : socket;
            socket = random.nextInt(4) == 0 ? socket.timer(SocketTimer.Kind.RETRANSMIT, random.nextInt(5)) : socket;
            socket = place % 5 == 0 ? socket.unheld() : socket;
            return Sockets.seenAt(place % 2 == 0 ? socket.activity(null).row() : socket.row(), atNanos);
        }

        /** The same row, or another that is equal. */
        private SocketRow similar(SocketRow row) {
            return random.nextBoolean() ? row : socket((int) row.cookie() - 1000, row.state());
        }

        private Sample sample() {
            List<SocketRow> rows = new ArrayList<>(open.values());
            listening ^= random.nextInt(12) == 0;
            ports = random.nextInt(12) == 0 ? "40000 " + (40_010 + random.nextInt(PLACES)) : ports;
            if (listening) {
                rows.add(Sockets.listener(random.nextInt(3), 2));
            }
            SocketHolders holders = holders(rows); // also of what the look then misses
            if (random.nextInt(5) == 0 && !rows.isEmpty()) {
                rows.remove(random.nextInt(rows.size()));
            }
            if (random.nextInt(10) == 0 && !open.isEmpty()) {
                SocketRow twice = open.values().iterator().next();
                rows.add(random.nextBoolean() ? twice : socket((int) twice.cookie() - 1000, CLOSE_WAIT));
            }
            if (random.nextInt(10) == 0) {
                Collections.shuffle(rows, random);
            }
            attempts += random.nextInt(3);
            return new Sample(
                    atNanos,
                    0,
                    List.copyOf(rows),
                    List.of(),
                    true,
                    new Counters(atNanos, Map.of("TcpAttemptFails", attempts)),
                    holders,
                    Map.of(),
                    new Settings(Map.of(Settings.PORT_RANGE, ports)),
                    MptcpListing.LISTED);
        }

        private SocketHolders holders(List<SocketRow> rows) {
            Map<Long, List<SocketHolder>> holders = new HashMap<>();
            for (SocketRow row : rows) {
                SocketHolder server = new SocketHolder(Looks.PID, (int) row.cookie());
                SocketHolder child = new SocketHolder(Looks.PID + 1, 5);
                holders.put(row.inode(), row.inode() % 17 == 0 ? List.of(server, child) : List.of(server));
            }
            holders.remove(0L);
            if (random.nextInt(4) == 0) {
                holders.keySet().removeIf(inode -> inode % 7 == 0);
            }
            SocketHolders now = new SocketHolders(holders, Set.of(), Set.of());
            found = now.equals(found) ? found : now; // as a search does that finds nothing new
            return found;
        }
    }
}
