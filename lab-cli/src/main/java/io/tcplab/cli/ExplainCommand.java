package io.tcplab.cli;

import io.tcplab.experiments.Expectation;
import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Knob;
import io.tcplab.experiments.KnobValues;
import io.tcplab.experiments.Measure;
import io.tcplab.experiments.Story;
import io.tcplab.experiments.catalogue.Catalogue;
import io.tcplab.experiments.catalogue.Claims;
import io.tcplab.kernel.sysctl.SysctlCatalogue;
import io.tcplab.kernel.sysctl.SysctlKnob;
import io.tcplab.report.Page;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code lab explain NAME|NUMBER}. */
@Command(
        name = "explain",
        description = "Explains an experiment: what happens and why, its fault and control, its knobs, what the"
                + " kernel is expected to show, and the relevant sysctls. For a number, explains what supports or"
                + " contradicts that claim.",
        footer = {"  lab explain time-wait-storm", "  lab explain 18      a claim; `lab claims 18` decides it"})
final class ExplainCommand extends ScreenCommand {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    @Parameters(
            paramLabel = "NAME|NUMBER",
            description = "An experiment (see `lab list`), or a claim's number.",
            completionCandidates = Names.class)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String name;

    ExplainCommand(Screen screen) {
        super(screen);
    }

    @Override
    public Integer call() {
        Page page = screen.page();
        if (NUMBER.matcher(name).matches()) {
            ClaimPage.write(Claims.byNumber(Integer.parseInt(name)), page);
        } else {
            explain(Catalogue.byName(name), page);
        }
        screen.print(page);
        return ExitCode.CONFIRMED;
    }

    private void explain(Experiment experiment, Page page) {
        explain(experiment.story(), page);
        explainKnobs(experiment.knobs(), page);
        explainExpectations(experiment, page);
        explainMeasures(experiment, page);
        explainSysctls(experiment.story().sysctls(), page);
        page.heading("Run it");
        page.prose("lab run " + name);
    }

    private static void explain(Story story, Page page) {
        page.heading(story.name());
        page.prose(story.summary());
        page.append("\n");
        page.prose(story.text());
        page.heading("Fault");
        page.prose(story.fault());
        page.heading("Control");
        page.prose(story.control());
    }

    private static void explainKnobs(List<Knob<?>> knobs, Page page) {
        page.heading("Knobs (--set name=value)");
        for (Knob<?> knob : knobs) {
            page.term(knob.name() + "=" + initial(knob), knob.meaning() + " (" + knob.range() + ")");
        }
    }

    private static <T> Object initial(Knob<T> knob) {
        return knob.plain(knob.initial());
    }

    private static void explainExpectations(Experiment experiment, Page page) {
        page.heading("Expectations, and the kernel's evidence for each");
        KnobValues defaults = KnobValues.of(experiment.story().name(), experiment.knobs(), Map.of());
        for (Expectation expectation : experiment.expectations(defaults)) {
            page.term(
                    expectation.host().label() + ", " + expectation.source().label(),
                    expectation.statement() + (expectation.decides() ? " (decides)" : ""));
        }
        page.prose("Deciding expectations must hold with the fault and must not hold in the control.");
    }

    private static void explainMeasures(Experiment experiment, Page page) {
        page.heading("Measures (lab compare)");
        for (Measure measure : experiment.measures()) {
            page.term(measure.name(), measure.meaning() + " (" + measure.unit() + ")");
        }
    }

    private static void explainSysctls(List<String> names, Page page) {
        page.heading("Relevant sysctls (--sysctl [client:|server:]name=value)");
        for (String sysctl : names) {
            page.term(
                    sysctl,
                    SysctlCatalogue.find(sysctl).map(SysctlKnob::meaning).orElse("not in the lab's catalogue"));
        }
    }
}
