package io.tcplab.junit;

import io.tcplab.kernel.Waits;
import io.tcplab.kernel.netns.Namespace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Programs that run on a host. Each is the first process of a PID namespace of its own, so that whatever it forks ends
 * with it; and it is killed when the JVM ends, however the JVM ends (PR_SET_PDEATHSIG).
 */
final class Programs implements AutoCloseable {
    /**
     * The signal of PR_SET_PDEATHSIG comes when the thread that forked ends, not the process (prctl(2)); this one lasts as
     * long as the JVM. It is born outside of cells, and with it the JVM's thread that waits for children.
     */
    private static final ExecutorService PARENT =
            Executors.newSingleThreadExecutor(Namespace.current().threadFactory("lab-junit-programs"));

    private final Namespace namespace;
    private final Queue<Process> started = new ConcurrentLinkedQueue<>();

    Programs(Namespace namespace) {
        this.namespace = namespace;
    }

    Process start(ProcessBuilder builder) throws IOException {
        List<String> asked = builder.command();
        List<String> command = new ArrayList<>(List.of(
                "setpriv",
                "--pdeathsig=KILL",
                "nsenter",
                "--net=/proc/" + ProcessHandle.current().pid() + "/fd/" + namespace.fd(),
                "unshare",
                "--pid",
                "--fork",
                "--kill-child=KILL"));
        command.addAll(asked);
        ProcessBuilder inside = builder.command(command);
        try {
            Process process = await(PARENT.submit(inside::start));
            started.add(process);
            return process;
        } finally {
            builder.command(asked);
        }
    }

    private static Process await(Future<Process> starting) throws IOException {
        try {
            return Waits.uninterruptibly(starting::get);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    /** Kills those that still run, and waits until they are gone. */
    @Override
    public void close() {
        started.forEach(Process::destroyForcibly);
        started.forEach(process -> process.onExit().join());
        started.clear();
    }
}
