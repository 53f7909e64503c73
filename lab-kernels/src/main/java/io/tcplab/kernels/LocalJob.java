package io.tcplab.kernels;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A job as a process of this machine, beside those in guests. */
public final class LocalJob {
    private static final long LOOK_MILLIS = 100;
    private static final long STOPPING_SECONDS = 8;

    private final GuestJob job;
    private final GuestListener listener;
    private final Tail messages;

    /** A job; its folder must be there. */
    public LocalJob(GuestJob job, GuestListener listener) {
        this.job = job.withResultsIn(job.folder().toString());
        this.listener = listener;
        messages = new Tail(job.folder().resolve(JobFiles.MESSAGES));
    }

    /**
     * Runs it to its end, however long it is silent. The calling thread must live until then: the process dies with it.
     *
     * @param launcher what comes before the command, such as a program that enters a namespace
     * @throws InterruptedException if it was interrupted; the process has had the time to write what it has
     */
    public GuestOutcome run(List<String> launcher) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(launcher);
        command.addAll(Tied.to(job.command().toArray(String[]::new)));
        long start = System.nanoTime();
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(job.directory().toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(job.folder().resolve(JobFiles.OUTPUT).toFile())
                .redirectError(job.folder().resolve(JobFiles.MESSAGES).toFile());
        builder.environment().putAll(job.environment());
        Process process = builder.start();
        try {
            listener.started((System.nanoTime() - start) / 1e9);
            while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                messages.more().forEach(listener::said);
            }
            messages.more().forEach(listener::said);
            return new GuestOutcome.Ended(process.exitValue());
        } catch (InterruptedException e) {
            process.destroy();
            process.onExit()
                    .completeOnTimeout(process, STOPPING_SECONDS, TimeUnit.SECONDS)
                    .join();
            throw e;
        } finally {
            process.destroyForcibly();
        }
    }
}
