package io.tcplab.cli;

import io.tcplab.experiments.Arm;
import io.tcplab.experiments.run.PreparedRun;
import io.tcplab.experiments.run.RunResult;

/** Progress for a log: a line for each step. */
final class PlainProgress implements Progress {
    private final Screen screen;

    PlainProgress(Screen screen) {
        this.screen = screen;
    }

    @Override
    public void started(PreparedRun run) {
        say(run.name() + ": started");
    }

    @Override
    public void step(PreparedRun run, Arm arm, String what) {
        say(run.name() + " (" + arm.label() + "): " + what);
    }

    @Override
    public void finished(PreparedRun run, RunResult result) {}

    @Override
    public synchronized void print(String text) {
        screen.out().print(text);
        screen.out().flush();
    }

    @Override
    public void close() {}

    private synchronized void say(String line) {
        screen.err().println(line);
    }
}
