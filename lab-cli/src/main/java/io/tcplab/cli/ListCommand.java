package io.tcplab.cli;

import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.catalogue.Catalogue;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi.Style;

/** {@code lab list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Lists the experiments, one a line: its name and what it shows.",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExample:%n",
        footer = "  lab list | cut -d' ' -f1      the names alone")
final class ListCommand implements Callable<Integer> {
    private final Screen screen;

    ListCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() {
        List<Experiment> all = Catalogue.all();
        int longest = all.stream()
                .mapToInt(experiment -> experiment.story().name().length())
                .max()
                .orElse(0);
        for (Experiment experiment : all) {
            String name = experiment.story().name();
            screen.out()
                    .println(screen.styled(name, Style.bold)
                            + " ".repeat(longest + 2 - name.length())
                            + experiment.story().summary());
        }
        return ExitCode.CONFIRMED;
    }
}
