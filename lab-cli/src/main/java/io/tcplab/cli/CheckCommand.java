package io.tcplab.cli;

import io.tcplab.diagnose.Check;
import io.tcplab.diagnose.Threshold;
import io.tcplab.diagnose.sample.Target;
import io.tcplab.experiments.UsageException;
import io.tcplab.report.DiagnosisJson;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lab check}. */
@Command(
        name = "check",
        sortOptions = false,
        description = {
            "Watches a service's sockets for a while, for example after its tests, and fails if too many stay in a"
                    + " state.",
            "A threshold is broken if it is exceeded at the end and at every look during the grace period before"
                    + " it, because"
                    + " healthy connections pass through CLOSE_WAIT too. TIME_WAIT is normal and checked only on"
                    + " request."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:all thresholds held",
            " 1:a threshold is broken; the diagnosis says why",
            " 2:inconclusive: the target ended, or this user may not see enough",
            "64:no such target or threshold"
        },
        footer = {
            "  lab check --port 8080",
            "  lab check --container shop-api --max CLOSE_WAIT=0 --max accept-queue=10 --for 30s",
            "  lab check --pid 4711 --max CLOSE_WAIT=5 --max fds=1000 --json check.json"
        })
final class CheckCommand extends ScreenCommand {
    @Mixin
    private final TargetOptions targets = new TargetOptions();

    @Option(
            names = "--max",
            paramLabel = "NAME=N",
            description = "The highest acceptable number: of sockets in a state, accept-queue (connections waiting for"
                    + " accept()) or fds"
                    + " (open descriptors of one process). Repeatable (default: CLOSE_WAIT=0).")
    private List<String> thresholds = List.of();

    @Option(
            names = "--for",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "How long to observe (default: ${DEFAULT-VALUE}).")
    private String time = "10s";

    @Option(
            names = "--grace",
            paramLabel = "TIME",
            defaultValue = "2s",
            description = "A threshold is broken if it is exceeded for this long before the end (default:"
                    + " ${DEFAULT-VALUE}).")
    private String grace = "2s";

    @Mixin
    private final JsonOption json = new JsonOption();

    CheckCommand(Screen screen) {
        super(screen);
    }

    @Override
    public Integer call() throws Exception {
        Target target = targets.target();
        List<Threshold> wanted = thresholds();
        Duration window = TargetSampling.duration("--for", time);
        Duration graced = TargetSampling.duration("--grace", grace);
        json.check();
        Check check = Check.of(TargetSampling.sample(target, window, screen), wanted, graced);
        json.write(() -> DiagnosisJson.Checked.of(check));
        print(check, json.forText(screen));
        return switch (check.verdict()) {
            case HELD -> ExitCode.CONFIRMED;
            case BROKEN -> ExitCode.REFUTED;
            case UNKNOWN -> ExitCode.INCONCLUSIVE;
        };
    }

    private List<Threshold> thresholds() {
        try {
            return thresholds.isEmpty()
                    ? List.of(Threshold.parse("CLOSE_WAIT=0"))
                    : thresholds.stream().map(Threshold::parse).toList();
        } catch (IllegalArgumentException e) {
            throw new UsageException("--max: " + e.getMessage(), e);
        }
    }

    private static void print(Check check, Screen to) {
        for (Check.Measure measure : check.measures()) {
            String last =
                    measure.last().isPresent() ? Long.toString(measure.last().getAsLong()) : "unknown";
            to.out()
                    .println(measure.threshold() + ": "
                            + measure.verdict().name().toLowerCase(Locale.ROOT) + ": " + last + " at the end, "
                            + measure.peak() + " at most");
        }
        if (check.verdict() != Check.Verdict.HELD) {
            to.out().println();
            DiagnosisPage.print(check.diagnosis(), to);
        }
        to.out().flush();
    }
}
