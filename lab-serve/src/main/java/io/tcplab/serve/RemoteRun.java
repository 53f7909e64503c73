package io.tcplab.serve;

import io.tcplab.experiments.UsageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** An experiment that a {@link RunProcess} carries out. */
final class RemoteRun implements Running {
    /** Far longer than a run takes to stop. */
    private static final long PATIENCE_SECONDS = 8;

    private final Process process;
    private final BufferedReader reports;
    private final RunProcess.Order order;
    private final Runnable changed;
    private final Thread reader =
            Thread.ofPlatform().name("experiment").daemon().unstarted(this::readOn);
    private volatile List<LiveFrame.Host> hosts = List.of();
    private volatile LiveFrame.@Nullable Run run;
    private volatile boolean stopping;
    private volatile boolean done;

    private RemoteRun(Process process, RunProcess.Order order, Runnable changed) {
        this.process = process;
        this.reports = process.inputReader(StandardCharsets.UTF_8);
        this.order = order;
        this.changed = changed;
    }

    /**
     * Starts it, and waits until it has begun.
     *
     * @param command starts a {@link RunProcess}
     * @param changed is called when there is something new, and must return at once
     * @throws UsageException if it can't be done as asked
     */
    static RemoteRun start(RunProcess.Order order, List<String> command, Runnable changed) {
        RemoteRun remote = new RemoteRun(launch(command), order, changed);
        try {
            remote.send(order);
            remote.take(remote.next()
                    .orElseThrow(() -> new UsageException("the experiment's process ended at once: " + remote.end())));
        } catch (IOException | JacksonException e) {
            remote.close();
            throw new UsageException("the experiment's process doesn't answer: " + e.getMessage(), e);
        } catch (UsageException e) {
            remote.close();
            throw e;
        }
        remote.reader.start();
        return remote;
    }

    private static Process launch(List<String> command) {
        try {
            return new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new UsageException("can't start the experiment's process: " + e.getMessage(), e);
        }
    }

    private void send(RunProcess.Order wanted) throws IOException {
        OutputStream input = process.getOutputStream();
        input.write((LiveJson.text(wanted) + "\n").getBytes(StandardCharsets.UTF_8));
        input.flush();
    }

    private Optional<RunProcess.Report> next() throws IOException {
        String line = reports.readLine();
        return Optional.ofNullable(line).map(json -> LiveJson.read(json, RunProcess.Report.class));
    }

    private void take(RunProcess.Report report) {
        report.error().ifPresent(why -> {
            throw new UsageException(why);
        });
        hosts = report.hosts();
        run = report.run().orElse(null);
    }

    private void readOn() {
        try {
            Optional<RunProcess.Report> report = next();
            while (report.isPresent()) {
                take(report.get());
                changed.run();
                report = next();
            }
        } catch (IOException | JacksonException lost) {
            process.destroyForcibly();
        } finally {
            process.onExit().join();
            done = true;
            changed.run();
        }
    }

    /** For people: how it ended, where nothing else says. */
    private String end() {
        return "exit code " + process.onExit().join().exitValue() + "; the terminal of lab serve may say why";
    }

    @Override
    public List<LiveFrame.Host> hosts() {
        return hosts;
    }

    @Override
    public LiveFrame.Run view() {
        LiveFrame.Run last = run;
        if (last == null) {
            return new LiveFrame.Run(order.experiment(), order.set(), state(), List.of(), "", "", List.of(), "");
        }
        boolean cutOff = done && !last.state().equals(LiveFrame.Run.ENDED);
        return new LiveFrame.Run(
                last.experiment(),
                last.set(),
                state(),
                last.steps(),
                last.verdict(),
                cutOff ? "its process ended before its end: " + end() : last.reason(),
                last.expectations(),
                last.results());
    }

    private String state() {
        return LiveFrame.Run.state(!done, stopping);
    }

    @Override
    public boolean isRunning() {
        return !done;
    }

    @Override
    public void stop() {
        stopping = true;
        try {
            process.getOutputStream().close();
        } catch (IOException gone) {
            // it has ended by itself
        }
        changed.run();
    }

    @Override
    public void close() {
        stop();
        process.onExit()
                .completeOnTimeout(process, PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
        process.destroyForcibly().onExit().join();
        if (reader.isAlive()) {
            Ending.await(reader);
        }
    }
}
