package io.tcplab.cli;

import io.tcplab.diagnose.Overview;
import io.tcplab.diagnose.causes.Finding;
import io.tcplab.diagnose.causes.Words;
import io.tcplab.kernel.sockets.TcpState;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How {@code lab watch} shows what it sees. */
interface WatchView extends AutoCloseable {
    /** The time of day. */
    DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    void show(Overview overview);

    @Override
    void close();

    /** In place on a terminal, else in lines. */
    static WatchView on(Screen screen) {
        return screen.outIsTerminal() ? new InPlace(screen) : new Lines(screen);
    }

    /** {@code 12 CLOSE_WAIT (+3), 5 ESTABLISHED}. */
    static String states(Overview overview) {
        String states = overview.states().entrySet().stream()
                .map(state -> String.format(
                                Locale.ROOT,
                                "%,d %s",
                                state.getValue().sockets(),
                                state.getKey().label())
                        + change(state.getValue()))
                .collect(Collectors.joining(", "));
        return states.isEmpty() ? "no sockets" : states;
    }

    /** {@code opened 12/s, reset 0.5/s}; empty if nothing happens. */
    static String rates(Overview overview) {
        return overview.rates().entrySet().stream()
                .map(rate -> String.format(
                        Locale.ROOT, rate.getValue() < 10 ? "%s %.1f/s" : "%s %,.0f/s", rate.getKey(), rate.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String change(Overview.Level level) {
        return level.change() == 0 ? "" : String.format(Locale.ROOT, " (%+,d)", level.change());
    }

    private static String now() {
        return clock(LocalTime.now(ZoneId.systemDefault()));
    }

    /** {@code 03:48:00}, where {@link LocalTime#toString} would leave the seconds out. */
    static String clock(LocalTime time) {
        return CLOCK.format(time);
    }

    /** A line for each look, and one for each finding that appears or goes. */
    final class Lines implements WatchView {
        private final Screen screen;
        private Map<String, String> told = Map.of();

        Lines(Screen screen) {
            this.screen = screen;
        }

        @Override
        public void show(Overview overview) {
            String rates = rates(overview);
            print(states(overview) + (rates.isEmpty() ? "" : "; " + rates));
            Map<String, String> findings = new LinkedHashMap<>();
            for (Finding finding : overview.diagnosis().findings()) {
                String key =
                        finding.cause() + finding.state().map(TcpState::label).orElse("");
                findings.put(key, finding.cause());
                if (!told.containsKey(key)) {
                    print("finding: " + finding.cause() + " ("
                            + finding.certainty().label() + "): " + finding.title());
                }
            }
            told.forEach((key, cause) -> {
                if (!findings.containsKey(key)) {
                    print("gone: " + cause);
                }
            });
            told = findings;
        }

        @Override
        public void close() {
            screen.out().flush();
        }

        private void print(String line) {
            screen.out().println(now() + " " + line);
        }
    }

    /** The whole picture, drawn over the one before. */
    final class InPlace implements WatchView {
        private static final int BAR = 40;
        private static final int LISTENERS = 4;
        private static final int FINDINGS = 6;

        private final LiveLines lines;

        InPlace(Screen screen) {
            lines = new LiveLines(screen.onlyOut());
        }

        @Override
        public void show(Overview overview) {
            lines.below(below(overview));
            lines.accept(overview.diagnosis().target() + "   " + now() + "   one look takes "
                    + Words.time(overview.cost()) + "   q ends");
        }

        @Override
        public void close() {
            lines.keep();
        }

        private static List<String> below(Overview overview) {
            List<String> all = new ArrayList<>();
            all.add("");
            int most = overview.states().values().stream()
                    .mapToInt(Overview.Level::sockets)
                    .max()
                    .orElse(1);
            overview.states()
                    .forEach((state, level) -> all.add(String.format(
                            Locale.ROOT,
                            "  %-12s %,9d %8s  %s",
                            state.label(),
                            level.sockets(),
                            level.change() == 0 ? "" : String.format(Locale.ROOT, "%+,d", level.change()),
                            "█".repeat((int) ((long) level.sockets() * BAR / Math.max(1, most))))));
            String rates = rates(overview);
            all.add("");
            all.add("  namespace   " + (rates.isEmpty() ? "no counter changed" : rates));
            all.add(String.format(
                    Locale.ROOT,
                    "  queues      %,d bytes unread, %,d unacknowledged",
                    overview.unread(),
                    overview.unsent()));
            overview.listeners().stream()
                    .limit(LISTENERS)
                    .forEach(queue -> all.add(String.format(
                            Locale.ROOT,
                            "  accept      %s: %,d of %,d waiting",
                            queue.listener(),
                            queue.waiting(),
                            queue.room())));
            if (!overview.peers().isEmpty()) {
                all.add("  peers       "
                        + overview.peers().stream()
                                .map(peer -> String.format(Locale.ROOT, "%s %,d", peer.address(), peer.sockets()))
                                .collect(Collectors.joining(", ")));
            }
            all.add("");
            findings(overview, all);
            return all;
        }

        private static void findings(Overview overview, List<String> all) {
            List<Finding> findings = overview.diagnosis().findings();
            findings.stream()
                    .limit(FINDINGS)
                    .forEach(finding -> all.add(
                            "  " + finding.cause() + " (" + finding.certainty().label() + "): " + finding.title()));
            if (findings.isEmpty()) {
                all.add("  nothing wrong in the last "
                        + Words.time(overview.diagnosis().window()));
            }
        }
    }
}
