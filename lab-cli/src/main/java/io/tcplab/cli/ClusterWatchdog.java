package io.tcplab.cli;

import io.tcplab.cluster.Cluster;
import io.tcplab.experiments.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A second process of the lab, whose standard input is a pipe from this one. When this one is killed the kernel closes the pipe, and the
 * other removes what that one has started in a cluster. In a session of its own, so that Ctrl-C ends this one only.
 */
final class ClusterWatchdog implements AutoCloseable {
    private static final int ALL_DONE = 'd';
    private static final long PATIENCE_SECONDS = 10;

    private final Optional<Process> process;
    private final String remark;
    private boolean allRemoved;

    private ClusterWatchdog(Optional<Process> process, String remark) {
        this.process = process;
        this.remark = remark;
    }

    static ClusterWatchdog start(Cluster cluster, String image) throws IOException {
        if (cluster.removesByItself()) {
            return new ClusterWatchdog(Optional.empty(), "");
        }
        List<String> command = new ArrayList<>(List.of("setsid"));
        try {
            command.addAll(LabCommand.beside(
                    List.of("storm", "--on", cluster.name(), "--image", image, "--remove", cluster.run())));
        } catch (UsageException notPackaged) {
            return new ClusterWatchdog(
                    Optional.empty(), " (if this process is killed, `lab storm --clean` removes them)");
        }
        Process process = new ProcessBuilder(command)
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();
        return new ClusterWatchdog(Optional.of(process), "");
    }

    /** What a user should know, as the end of a sentence. */
    String remark() {
        return remark;
    }

    /** In the other process: returns when all is over, or when its process was killed and this has been done. */
    static void watch(InputStream in, Runnable removal) throws IOException {
        if (in.read() != ALL_DONE) {
            removal.run();
        }
    }

    /** Nothing is left to do for the other. */
    void allRemoved() {
        allRemoved = true;
    }

    /** Lets the other go; unless all has been removed it looks what is left, and isn't waited for. */
    @Override
    public void close() throws IOException {
        if (process.isEmpty()) {
            return;
        }
        try (var out = process.get().getOutputStream()) {
            if (allRemoved) {
                out.write(ALL_DONE);
            }
        }
        if (allRemoved) {
            process.get()
                    .onExit()
                    .completeOnTimeout(process.get(), PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .join();
        }
    }
}
