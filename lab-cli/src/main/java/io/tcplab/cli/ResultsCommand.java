package io.tcplab.cli;

import io.tcplab.report.PastResults;
import io.tcplab.report.PastResults.Past;
import io.tcplab.report.ResultsJson;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code lab results}. */
@Command(
        name = "results",
        sortOptions = false,
        description = "Lists what earlier runs, comparisons and claims left, the newest first; or one of them.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {" 0:listed", "64:there is no such folder, or no such result in it"},
        footer = {
            "  lab results                     all of them",
            "  lab results latest              one, with its page to look at; a part of a name will do",
            "  xdg-open \"$(lab results latest | sed -n 's/^page: //p')\"",
            "  lab results diff A latest       what changed between two"
        })
final class ResultsCommand extends ScreenCommand {
    @Parameters(paramLabel = "NAME", arity = "0..1", description = "A folder's name, a part of it, or `latest`.")
    private @Nullable String name;

    @Mixin
    private final PastOption past = new PastOption();

    @Mixin
    private final JsonOption json = new JsonOption();

    ResultsCommand(Screen screen) {
        super(screen);
    }

    static CommandLine commandLine(Screen screen) {
        return new CommandLine(new ResultsCommand(screen)).addSubcommand(new ResultsDiffCommand(screen));
    }

    @Override
    public Integer call() throws Exception {
        json.check();
        List<Past> results = results();
        json.write(() -> ResultsJson.of(results), screen, () -> print(results));
        return ExitCode.CONFIRMED;
    }

    private void print(List<Past> results) {
        if (name == null) {
            list(results);
        } else {
            show(results.getFirst());
        }
    }

    private List<Past> results() throws IOException {
        PastResults results = past.results();
        return name == null ? results.all() : List.of(results.find(name));
    }

    private void list(List<Past> results) {
        int longest =
                results.stream().mapToInt(past -> past.name().length()).max().orElse(0);
        for (Past past : results) {
            screen.out()
                    .println(screen.styled(past.name(), Style.bold)
                            + " ".repeat(longest + 2 - past.name().length())
                            + past.summary());
        }
    }

    private void show(Past past) {
        screen.out().println(past.name() + ": " + past.summary());
        screen.out().println("folder: " + past.folder().toAbsolutePath());
        past.page().ifPresent(page -> screen.out().println("page: " + page.toAbsolutePath()));
    }
}
