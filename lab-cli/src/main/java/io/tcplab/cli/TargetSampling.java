package io.tcplab.cli;

import io.tcplab.diagnose.Diagnostician;
import io.tcplab.diagnose.Look;
import io.tcplab.diagnose.sample.Sample;
import io.tcplab.diagnose.sample.Target;
import io.tcplab.diagnose.sample.TargetException;
import io.tcplab.experiments.UsageException;
import io.tcplab.transport.Durations;
import java.time.Duration;
import java.util.Locale;

/** Looks at a target while the user waits. */
final class TargetSampling {
    private TargetSampling() {}

    /** Takes looks, and reports progress.
     *
     * @throws TargetException if there is no such target, or this user may not look
     */
    static Look sample(Target target, Duration window, Screen screen) throws InterruptedException {
        Progress progress = new Progress(target, window, screen);
        try {
            return Diagnostician.look(target, window, progress::show);
        } finally {
            if (screen.errIsTerminal()) {
                screen.err().print("\r\u001b[K");
                screen.err().flush();
            }
        }
    }

    /** A time span of an option. */
    static Duration duration(String option, String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException(option + ": " + e.getMessage(), e);
        }
    }

    /** What the user sees while looks are taken; nothing before the first, for there may be no such target. */
    private static final class Progress {
        private final Target target;
        private final Duration window;
        private final Screen screen;
        private final long started = System.nanoTime();
        private boolean begun;

        Progress(Target target, Duration window, Screen screen) {
            this.target = target;
            this.window = window;
            this.screen = screen;
        }

        void show(Sample sample) {
            if (!begun && window.compareTo(Duration.ofSeconds(1)) > 0) {
                screen.err().println("observing " + target.label() + " for " + Durations.format(window));
            }
            begun = true;
            if (screen.errIsTerminal()) {
                screen.err()
                        .printf(
                                Locale.ROOT,
                                "\r\u001b[K%.0f of %.0f s, %,d sockets in the network namespace",
                                (System.nanoTime() - started) / 1e9,
                                window.toMillis() / 1e3,
                                sample.sockets().size());
                screen.err().flush();
            }
        }
    }
}
