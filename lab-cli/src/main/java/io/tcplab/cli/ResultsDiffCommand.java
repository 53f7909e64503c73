package io.tcplab.cli;

import io.tcplab.experiments.UsageException;
import io.tcplab.report.PastResults;
import io.tcplab.report.PastResults.Past;
import io.tcplab.report.ResultsDiff;
import io.tcplab.report.ResultsJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code lab results diff}. */
@Command(
        name = "diff",
        sortOptions = false,
        description =
                "Shows what changed between two results of the same command: verdicts, what was observed, knobs, sysctls, the kernel,"
                        + " and figures that moved by more than a tenth.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:nothing changed",
            " 1:something did",
            "64:there is no such result, or they aren't of the same command"
        },
        footer = {"  lab results diff 2026-11-27T191205-close-wait-leak latest", "  lab results diff A B | grep verdict"
        })
final class ResultsDiffCommand extends ScreenCommand {
    @Parameters(index = "0", paramLabel = "A", description = "A folder's name, a part of it, or `latest`.")
    private String first = "";

    @Parameters(index = "1", paramLabel = "B", description = "Another one.")
    private String second = "";

    @Mixin
    private final PastOption past = new PastOption();

    @Mixin
    private final JsonOption json = new JsonOption();

    ResultsDiffCommand(Screen screen) {
        super(screen);
    }

    @Override
    public Integer call() throws Exception {
        json.check();
        PastResults results = past.results();
        Past one = results.find(first);
        Past other = results.find(second);
        if (!one.command().equals(other.command())) {
            throw new UsageException("%s is of `lab %s`, %s of `lab %s`: name two of the same command"
                    .formatted(one.name(), one.command(), other.name(), other.command()));
        }
        ResultsDiff diff = ResultsDiff.of(one, other);
        json.write(() -> ResultsJson.Diff.of(diff), screen, () -> diff.lines().forEach(screen.out()::println));
        screen.err().println(diff.summary());
        return diff.differences().isEmpty() ? ExitCode.CONFIRMED : ExitCode.REFUTED;
    }
}
