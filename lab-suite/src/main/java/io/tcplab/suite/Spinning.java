package io.tcplab.suite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Processes that use up the processors: what a test does on a busy machine shows beside them. */
final class Spinning implements AutoCloseable {
    private final List<Process> processes = new ArrayList<>();

    private Spinning() {}

    /** Starts this many; they end with {@link #close()}. */
    static Spinning start(int number) {
        Spinning spinning = new Spinning();
        try {
            for (int i = 0; i < number; i++) {
                spinning.processes.add(new ProcessBuilder("sh", "-c", "while :; do :; done").start());
            }
        } catch (IOException e) {
            spinning.close();
            throw new UncheckedIOException(e);
        }
        return spinning;
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
    }
}
