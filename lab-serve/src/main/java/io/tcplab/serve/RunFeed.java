package io.tcplab.serve;

import io.tcplab.experiments.Arm;
import io.tcplab.experiments.UsageException;
import io.tcplab.experiments.catalogue.Catalogue;
import io.tcplab.experiments.cell.Cell;
import io.tcplab.experiments.cell.Sandbox;
import io.tcplab.experiments.run.ArtifactSink;
import io.tcplab.experiments.run.Preflight;
import io.tcplab.experiments.run.PreparedRun;
import io.tcplab.experiments.run.RunListener;
import io.tcplab.experiments.run.RunRequest;
import io.tcplab.experiments.run.RunResult;
import io.tcplab.experiments.run.Runner;
import io.tcplab.experiments.run.Timeline;
import io.tcplab.report.Html;
import io.tcplab.report.ResultsFolder;
import io.tcplab.report.RunReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** An experiment from its start to its end, as {@code lab run} carries it out. */
final class RunFeed implements RunListener, Running {
    private final RunRequest request;
    private final Map<String, String> settings;
    private final ResultsFolder folder;
    private final Runnable changed;
    private final long started = System.nanoTime();
    private final Map<Arm, ArmFeed> arms = new EnumMap<>(Arm.class);
    private final List<LiveFrame.Step> steps = new ArrayList<>();
    private final Thread thread;
    private @Nullable RunResult result;
    private String problem = "";
    private boolean stopping;
    private volatile boolean done;

    private RunFeed(RunRequest request, List<PreparedRun> runs, ResultsFolder folder, Runnable changed) {
        this.request = request;
        this.settings = request.settings();
        this.folder = folder;
        this.changed = changed;
        for (Arm arm : Arm.values()) {
            arms.put(arm, new ArmFeed(arm));
        }
        thread = Thread.ofPlatform().name("experiment").daemon().unstarted(() -> run(runs));
    }

    /**
     * Checks everything that can be known, and starts.
     *
     * @param settings of knobs, name to text
     * @param out where its results folder is made
     * @param changed is called when there is something new, and must return at once
     * @throws UsageException if it can't be done as asked
     */
    static RunFeed start(String name, Map<String, String> settings, Sandbox sandbox, Path out, Runnable changed) {
        RunRequest request = new RunRequest(
                List.of(Catalogue.byName(name)),
                settings,
                Map.of(),
                sandbox,
                1,
                false,
                ThreadLocalRandom.current().nextLong());
        List<PreparedRun> runs = Preflight.prepare(request);
        ResultsFolder folder = ResultsFolder.create(out, name);
        RunFeed feed = new RunFeed(request, runs, folder, changed);
        feed.thread.start();
        return feed;
    }

    private void run(List<PreparedRun> runs) {
        try {
            new Runner(request.sandbox(), this, ArtifactSink.none(), 1).run(runs, this::ended);
            keep();
        } catch (InterruptedException stopped) {
            say("stopped before its end");
            keep();
        } catch (RuntimeException mistake) {
            say("internal error: " + mistake);
        } finally {
            arms.values().forEach(ArmFeed::close);
            done = true;
            changed.run();
        }
    }

    private synchronized void ended(RunResult ended) {
        result = ended;
    }

    private synchronized void say(String what) {
        problem = what;
    }

    private synchronized void keep() {
        Thread.interrupted(); // a thread that was stopped can't write files
        try {
            RunReport report = new RunReport(
                    request.sandbox().kernel(),
                    request.sandbox().name(),
                    request.seed(),
                    false,
                    result == null,
                    Optional.ofNullable(result).stream().toList());
            folder.write(report);
            folder.writePage(to -> Html.write(report, to));
        } catch (IOException e) {
            problem = "can't write the results: " + e.getMessage();
        }
    }

    @Override
    public boolean isRunning() {
        return !done;
    }

    @Override
    public synchronized void stop() {
        stopping = true;
        thread.interrupt();
        changed.run();
    }

    @Override
    public void opened(PreparedRun run, Arm arm, Cell cell) {
        feed(arm).opened(cell);
    }

    @Override
    public void sampled(PreparedRun run, Arm arm, Timeline.Sample sample) {
        feed(arm).sampled(sample);
        changed.run();
    }

    @Override
    public void step(PreparedRun run, Arm arm, String what) {
        synchronized (this) {
            double seconds = (System.nanoTime() - started) / 1e9;
            steps.add(new LiveFrame.Step(arm.label(), LiveJson.figure(seconds), what));
        }
        changed.run();
    }

    private ArmFeed feed(Arm arm) {
        return Objects.requireNonNull(arms.get(arm));
    }

    @Override
    public List<LiveFrame.Host> hosts() {
        return arms.values().stream().flatMap(arm -> arm.hosts().stream()).toList();
    }

    @Override
    public synchronized LiveFrame.Run view() {
        String state = LiveFrame.Run.state(isRunning(), stopping);
        RunResult outcome = result;
        return new LiveFrame.Run(
                request.experiments().getFirst().story().name(),
                settings,
                state,
                List.copyOf(steps),
                outcome == null ? "" : outcome.verdict().label(),
                outcome == null ? problem : outcome.reason(),
                outcome == null ? List.of() : expectations(outcome),
                folder.path().toString());
    }

    private static List<LiveFrame.Expectation> expectations(RunResult outcome) {
        return outcome.expectations().stream()
                .map(each -> new LiveFrame.Expectation(
                        each.expectation().statement(),
                        each.arm().label(),
                        each.expectation().host().label(),
                        each.expected(),
                        each.observed(),
                        each.verdict().label()))
                .toList();
    }

    @Override
    public void close() {
        stop();
        Ending.await(thread);
    }
}
