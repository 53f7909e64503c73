package io.tcplab.cli;

import io.tcplab.diagnose.Look;
import io.tcplab.diagnose.Overview;
import io.tcplab.diagnose.TargetWatch;
import io.tcplab.diagnose.sample.Target;
import io.tcplab.diagnose.sample.TargetException;
import io.tcplab.experiments.UsageException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lab watch}. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Shows a service's sockets as they are: states and how they change, what the counters say a second, accept"
                    + " queues, the busiest peers, and findings as they appear.",
            "On a terminal it draws in place, and q ends it. Piped, it writes a line for each look, and one for each finding"
                    + " that appears or goes."
        },
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "  0:ended by q, by --for or with its target",
            "  2:this user may not see enough",
            " 64:there is no such target",
            "130:Ctrl-C"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  lab watch --port 8080",
            "  sudo scripts/lab watch --container shop-api --every 2s",
            "  lab watch --netns self --for 1m > sockets.log"
        })
final class WatchCommand implements Callable<Integer> {
    private static final Duration FASTEST = Duration.ofMillis(200);

    /** Looking and judging shall not cost the machine more than a fifth of the time. */
    private static final int REST = 4;

    private final Screen screen;

    @Mixin
    private final TargetOptions targets = new TargetOptions();

    @Option(
            names = "--every",
            paramLabel = "TIME",
            defaultValue = "1s",
            description =
                    "Time between looks, 200ms or more (default: ${DEFAULT-VALUE}); where a look takes long, longer.")
    private String every = "1s";

    @Option(names = "--for", paramLabel = "TIME", description = "How long (default: until q or Ctrl-C).")
    private @Nullable String time;

    WatchCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() throws Exception {
        Target target = targets.target();
        Duration pause = TargetSampling.duration("--every", every);
        if (pause.compareTo(FASTEST) < 0) {
            throw new UsageException("--every " + every + ": nobody can read that; 200ms is the least");
        }
        long end = time == null
                ? Long.MAX_VALUE
                : System.nanoTime() + TargetSampling.duration("--for", time).toNanos();
        try (TargetWatch watching = TargetWatch.open(target)) {
            return watch(watching, pause, end);
        } catch (TargetException e) {
            if (e.reason() == TargetException.Reason.ABSENT) {
                throw new UsageException(String.valueOf(e.getMessage()), e);
            }
            screen.err().println("lab: " + e.getMessage());
            return ExitCode.INCONCLUSIVE;
        }
    }

    private int watch(TargetWatch watching, Duration pause, long end) throws Exception {
        try (WatchView view = WatchView.on(screen);
                Keys keys = screen.outIsTerminal() ? Keys.ofTerminal() : Keys.none()) {
            while (true) {
                long started = System.nanoTime();
                Look look = watching.next();
                Overview overview = Overview.of(look);
                view.show(overview);
                if (look.ended()) {
                    screen.err().println(look.target() + " has ended");
                    return ExitCode.CONFIRMED;
                }
                long now = System.nanoTime();
                long until = now + Math.max((now - started) * REST, pause.toNanos());
                if (keys.awaitQuit(Math.min(until, end)) || System.nanoTime() >= end) {
                    return ExitCode.CONFIRMED;
                }
            }
        }
    }
}
