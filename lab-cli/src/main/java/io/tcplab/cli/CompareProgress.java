package io.tcplab.cli;

import io.tcplab.compare.run.CompareListener;
import io.tcplab.compare.run.Plan;
import io.tcplab.compare.run.PlannedRun;
import io.tcplab.experiments.run.PreparedRun;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Shows how a comparison goes on: redrawn in place on a terminal, a line for each run elsewhere. */
interface CompareProgress extends CompareListener, AutoCloseable {

    static CompareProgress on(Screen screen, Plan plan) {
        return screen.errIsTerminal() ? new Live(screen, plan) : new Plain(screen, plan);
    }

    /** {@code client:tcp_tw_reuse=1 #2}: the setting, and which of its trials. */
    static String title(PlannedRun run) {
        String label = run.planned().setting().label();
        return run.isWarmUp() ? label + ", warm-up" : label + " #" + run.trial();
    }

    /** Removes what is drawn. */
    @Override
    void close();

    /** For a person. */
    final class Live implements CompareProgress {
        private static final int MOST_LINES = 8;

        private final LiveBar<PlannedRun> bar;

        private Live(Screen screen, Plan plan) {
            Map<PlannedRun, Duration> expected = new LinkedHashMap<>();
            for (PlannedRun run : plan.order()) {
                PreparedRun prepared = run.planned().run();
                expected.put(run, prepared.experiment().aboutToMeasure(prepared.knobs()));
            }
            bar = new LiveBar<>(screen, "lab compare", expected, CompareProgress::title, MOST_LINES);
        }

        @Override
        public void started(PlannedRun run) {
            bar.started(run);
        }

        @Override
        public void step(PlannedRun run, String what) {
            bar.step(run, what);
        }

        @Override
        public void repeated(PlannedRun run, String problem) {
            bar.step(run, "repeating: " + problem);
        }

        @Override
        public void ended(PlannedRun run, List<String> problems) {
            bar.finished(run);
        }

        @Override
        public void close() {
            bar.close();
        }
    }

    /** For a log. */
    final class Plain implements CompareProgress {
        private final Screen screen;
        private final Plan plan;

        private Plain(Screen screen, Plan plan) {
            this.screen = screen;
            this.plan = plan;
        }

        @Override
        public void repeated(PlannedRun run, String problem) {
            say(run, "repeating: " + problem);
        }

        @Override
        public void ended(PlannedRun run, List<String> problems) {
            say(run, problems.isEmpty() ? "ended" : "dropped: " + problems.getFirst());
        }

        @Override
        public void close() {}

        private synchronized void say(PlannedRun run, String what) {
            screen.err()
                    .println(plan.design().experiment().story().name() + " (" + title(run) + " of " + plan.trials()
                            + "): " + what);
        }
    }
}
