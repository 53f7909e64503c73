package io.tcplab.cli;

import io.tcplab.experiments.Arm;
import io.tcplab.experiments.run.PreparedRun;
import io.tcplab.experiments.run.RunResult;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Progress for a person: a bar for all runs together, and under it what each is doing, redrawn in place. */
final class LiveProgress implements Progress {
    private final LiveBar<PreparedRun> bar;

    LiveProgress(Screen screen, List<PreparedRun> runs) {
        Map<PreparedRun, Duration> expected = new LinkedHashMap<>();
        runs.forEach(run -> expected.put(run, run.experiment().about(run.knobs())));
        bar = new LiveBar<>(screen, "lab run", expected, PreparedRun::name, Integer.MAX_VALUE);
    }

    @Override
    public void started(PreparedRun run) {
        bar.started(run);
    }

    @Override
    public void step(PreparedRun run, Arm arm, String what) {
        if (arm == Arm.FAULT) { // the control takes the same steps at about the same time
            bar.step(run, what);
        }
    }

    @Override
    public void finished(PreparedRun run, RunResult result) {
        bar.finished(run);
    }

    @Override
    public void print(String text) {
        bar.print(text);
    }

    @Override
    public void close() {
        bar.close();
    }
}
