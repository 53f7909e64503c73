package io.tcplab.cli;

import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.KnobValues;
import io.tcplab.experiments.catalogue.Catalogue;
import io.tcplab.experiments.cell.Sandbox;
import io.tcplab.experiments.cell.Sandboxes;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Option;

/** {@code lab list}. */
@Command(
        name = "list",
        description = {
            "Lists the experiments, one per line: name and what it shows;",
            "with --sandbox, whether it runs there, or why it doesn't."
        },
        footer = {
            "  lab list | cut -d' ' -f1      only the names",
            "  lab list --sandbox docker     which run in containers"
        })
final class ListCommand extends ScreenCommand {
    @Option(
            names = "--sandbox",
            paramLabel = "NAME",
            description = "Show which run in this sandbox: namespaces, docker or host.")
    private @Nullable String sandbox;

    ListCommand(Screen screen) {
        super(screen);
    }

    @Override
    public Integer call() {
        Function<Experiment, String> text = experiment -> experiment.story().summary();
        if (sandbox != null) {
            Sandbox wanted = Sandboxes.byName(sandbox);
            text = experiment -> runsIn(wanted, experiment);
        }
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
                            + text.apply(experiment));
        }
        return ExitCode.CONFIRMED;
    }

    private static String runsIn(Sandbox sandbox, Experiment experiment) {
        KnobValues knobs = KnobValues.of(experiment.story().name(), experiment.knobs(), Map.of());
        return Stream.of(true, false)
                .flatMap(fault -> sandbox.obstacle(experiment.cell(knobs, fault)).stream())
                .findFirst()
                .map(reason -> "inconclusive: " + reason)
                .orElse("runs");
    }
}
