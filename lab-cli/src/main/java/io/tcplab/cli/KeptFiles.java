package io.tcplab.cli;

import io.tcplab.experiments.Arm;
import io.tcplab.experiments.UsageException;
import io.tcplab.experiments.run.Keep;
import io.tcplab.experiments.run.PreparedRun;
import io.tcplab.report.ArmFiles;
import io.tcplab.report.FileErrors;
import io.tcplab.report.ResultsFolder;
import io.tcplab.report.RunReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The files of a results folder that are kept of each arm, and what went wrong with them. */
final class KeptFiles implements Keep {
    private final ArmFiles names;
    private final boolean capture;
    private final List<String> lacking = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    KeptFiles(ArmFiles names, boolean capture) {
        this.names = names;
        this.capture = capture;
    }

    @Override
    public Optional<Path> capture(PreparedRun run, Arm arm) {
        return capture ? Optional.of(names.capture(run.name(), run.trial(), arm)) : Optional.empty();
    }

    @Override
    public synchronized void captureLacks(PreparedRun run, Arm arm, String message) {
        lacking.add("%s (%s): %s".formatted(run.name(), arm.label(), message));
    }

    @Override
    public synchronized void captureFailed(PreparedRun run, Arm arm, String message) {
        failures.add("%s (%s): %s".formatted(run.name(), arm.label(), message));
    }

    /** Writes the results themselves; if they can't be, {@link #check} tells it beside the rest. */
    synchronized void write(ResultsFolder folder, RunReport report) {
        try {
            folder.write(report);
        } catch (IOException e) {
            failures.add("the results can't be written to %s (%s). --out DIR names another place."
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
