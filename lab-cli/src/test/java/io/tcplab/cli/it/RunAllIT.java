package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.tcplab.experiments.catalogue.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.JsonNode;

/** The lab's main promise: each behaviour is confirmed with its fault, and refuted without it. */
@Tag("slow")
@Order(1)
@ResourceLock("the whole catalogue at once")
class RunAllIT {
    private static final List<String> EXPERIMENTS = Catalogue.names();

    private static final Set<String> LONG_TIMERS = Set.of(
            "time-wait-storm",
            "time-wait-duration",
            "lost-final-ack",
            "syn-retry-schedule",
            "close-wait-timeout",
            "dead-peer-detection",
            "fin-wait2-timeout");

    private static final String TIMETABLE = "syn-retry-schedule";

    @TempDir
    private Path temporary = Path.of("");

    // A run takes a minute, since TIME_WAIT does, and idles most of it. So they overlap; but no two have their storms
    // at
    // the same time, for which two processors are too few.
    @Test
    void confirmsAllAsRootAndAsAnOrdinaryUserAndRefutesThemWithoutTheirFault() throws Exception {
        Installation installation = Installation.copiedTo(temporary);
        try (Program timetable = startWholeTimetable(installation)) {
            runAll(installation);
            Report report = Report.of(timetable.awaitEnd().outOf(0));
            assertThat(report.verdicts()).containsOnly(entry(TIMETABLE, "confirmed"));
        }
    }

    private void runAll(Installation installation) throws Exception {
        try (Program root = Program.start(installation, temporary, "run", "--all", "--json", "-")) {
            awaitCalm(root);
            try (Program user = Program.startAsUser(installation, temporary, "run", "--all", "--json", "-")) {
                awaitCalm(user);
                Path without = Files.createDirectory(temporary.resolve("without"));
                try (Program faultless =
                        Program.start(installation, without, "run", "--all", "--without-fault", "--json", "-")) {
                    assertConfirmed(root.awaitEnd());
                    assertConfirmed(user.awaitEnd());
                    assertRefuted(faultless.awaitEnd());
                }
            }
        }
    }

    /** Until connect() gives up by the kernel's own settings: 135 s of waiting, beside which all else has time to run. */
    private Program startWholeTimetable(Installation installation) throws IOException {
        Path own = Files.createDirectory(temporary.resolve("timetable"));
        return Program.start(installation, own, "run", TIMETABLE, "--set", "syn-retries=6", "--json", "-");
    }

    private static void assertConfirmed(Program.Ended ended) throws IOException {
        Report report = Report.of(ended.outOf(0));
        assertThat(report.verdicts()).containsOnlyKeys(EXPERIMENTS);
        assertThat(report.verdicts().values()).containsOnly("confirmed");
        assertThat(ended.err()).contains(EXPERIMENTS.size() + " confirmed").doesNotContain("Exception");
        assertThat(report.runs()).allSatisfy(RunAllIT::assertControlDiffers);
    }

    private static void assertControlDiffers(JsonNode run) {
        Map<String, String> fault = Report.observed(run, "fault");
        Map<String, String> control = Report.observed(run, "control");
        assertThat(fault).isNotEmpty().hasSameSizeAs(control);
        fault.forEach((name, observed) ->
                assertThat(control.get(name)).as(name).isNotEmpty().isNotEqualTo(observed));
    }

    private static void assertRefuted(Program.Ended ended) throws IOException {
        Report report = Report.of(ended.outOf(1));
        assertThat(report.verdicts()).containsOnlyKeys(EXPERIMENTS);
        assertThat(report.verdicts().values()).as(ended.err()).containsOnly("refuted");
        assertThat(report.json().get("withoutFault").asBoolean()).isTrue();
    }

    /** When all have their verdict that don't wait for long timers, the machine has little to do. */
    private static void awaitCalm(Program run) {
        EXPERIMENTS.stream()
                .filter(name -> !LONG_TIMERS.contains(name))
                .forEach(name -> run.awaitErr(name + ": confirmed in "));
    }
}
