package io.tcplab.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The process: starts the command, and lets it end in order when a signal ends the process. */
public final class Main {
    /** Far longer than a run takes to stop. After that the process ends anyway, and with it all that it made. */
    private static final long PATIENCE_SECONDS = 10;

    private Main() {}

    /** Exits with one of the codes of {@link ExitCode}. */
    public static void main(String[] args) {
        CountDownLatch ended = interruptOnSignal(Thread.currentThread());
        int code = ExitCode.INTERNAL;
        try {
            code = Lab.commandLine(Screen.standard(), args).execute(args);
        } catch (Error fatal) {
            // Printed as the JVM would; but then the JVM would exit with 1, which says "refuted".
            Thread command = Thread.currentThread();
            command.getUncaughtExceptionHandler().uncaughtException(command, fatal);
        } finally {
            ended.countDown();
        }
        System.exit(code);
    }

    /**
     * On SIGINT, SIGTERM and SIGHUP the JVM runs its shutdown hooks and then exits with 128 + the signal's number,
     * whatever the program says. So the hook is where to tell the command to stop, and to wait until it has.
     */
    private static CountDownLatch interruptOnSignal(Thread command) {
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (ended.getCount() > 0) {
                command.interrupt();
                awaitEnd(ended);
            }
        }));
        return ended;
    }

    private static void awaitEnd(CountDownLatch ended) {
        try {
            if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("lab: didn't stop within " + PATIENCE_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
