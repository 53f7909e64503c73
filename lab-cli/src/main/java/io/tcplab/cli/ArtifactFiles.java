package io.tcplab.cli;

import io.tcplab.experiments.Arm;
import io.tcplab.experiments.UsageException;
import io.tcplab.experiments.ladder.Ladder;
import io.tcplab.experiments.run.ArtifactSink;
import io.tcplab.experiments.run.PreparedRun;
import io.tcplab.experiments.run.RunResult;
import io.tcplab.report.ArmFiles;
import io.tcplab.report.FileErrors;
import io.tcplab.report.Html;
import io.tcplab.report.LadderSvg;
import io.tcplab.report.LadderText;
import io.tcplab.report.ResultsFolder;
import io.tcplab.report.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What is kept of each arm, in files of a results folder above all, and what went wrong with it. */
final class ArtifactFiles implements ArtifactSink {
    private static final int PAGE_WIDTH = 100;

    private final ArmFiles names;
    private final boolean capture;
    private final OptionalInt trace;
    private final Map<String, Ladder> ladders = new HashMap<>();
    private final List<String> lacking = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    /**
     * Nothing yet.
     *
     * @param capture whether to capture each arm's link
     * @param trace which connection of each arm to follow
     */
    ArtifactFiles(ArmFiles names, boolean capture, OptionalInt trace) {
        this.names = names;
        this.capture = capture;
        this.trace = trace;
    }

    @Override
    public Optional<Path> capture(PreparedRun run, Arm arm) {
        return capture ? Optional.of(names.capture(run.name(), run.trial(), arm)) : Optional.empty();
    }

    @Override
    public OptionalInt trace() {
        return trace;
    }

    @Override
    public synchronized void ladder(PreparedRun run, Arm arm, Ladder ladder) {
        Path file = names.ladder(run.name(), run.trial(), arm);
        try {
            Files.writeString(file, new LadderText(PAGE_WIDTH).whole(ladder));
            Files.writeString(
                    names.picture(run.name(), run.trial(), arm), LadderSvg.of(ladder, run.name() + ", " + arm.label()));
        } catch (IOException e) {
            failures.add("%s can't be written (%s)".formatted(file.toAbsolutePath(), FileErrors.reason(e)));
        }
        if (arm == Arm.FAULT) {
            ladders.put(key(run.name(), run.trial()), ladder);
        }
    }

    /** The ladder of a run's arm with the fault, if there is one. */
    synchronized Optional<Ladder> ladder(RunResult result) {
        return Optional.ofNullable(ladders.get(key(result.experiment(), result.trial())));
    }

    @Override
    public synchronized void lacks(PreparedRun run, Arm arm, String message) {
        lacking.add("%s (%s): %s".formatted(run.name(), arm.label(), message));
    }

    @Override
    public synchronized void captureFailed(PreparedRun run, Arm arm, String message) {
        failures.add("%s (%s): %s".formatted(run.name(), arm.label(), message));
    }

    private static String key(String experiment, int trial) {
        return experiment + " " + trial;
    }

    /** Writes the results themselves; if they can't be, {@link #check} tells it beside the rest. */
    synchronized void write(ResultsFolder folder, RunReport report) {
        try {
            folder.write(report);
            folder.writePage(to -> Html.write(report, this::ladder, to));
        } catch (IOException e) {
            failures.add("can't write the results to %s (%s). Use --out DIR for another place."
                    .formatted(folder.path().toAbsolutePath(), FileErrors.reason(e)));
        }
    }

    /** What is there, but not whole. */
    synchronized List<String> lacking() {
        return List.copyOf(lacking);
    }

    /** Fails if a file that was asked for could not be written; for when all that could be has been. */
    synchronized void check() {
        if (!failures.isEmpty()) {
            throw new UsageException(String.join(System.lineSeparator(), failures));
        }
    }
}
