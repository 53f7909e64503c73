package io.tcplab.report;

import io.tcplab.experiments.Arm;
import java.nio.file.Path;

/**
 * The names of the files in a results folder that belong to one arm of one run.
 *
 * @param folder the results folder
 * @param only whether it holds the results of a single run, whose name need not be in each file's name
 */
public record ArmFiles(Path folder, boolean only) {

    /** {@code capture.pcapng}, {@code capture-control.pcapng}; among others {@code half-close-1-fault.pcapng}. */
    public Path capture(String experiment, int trial, Arm arm) {
        return file(experiment, trial, arm, "capture", "", ".pcapng");
    }

    /** {@code ladder.txt}, {@code ladder-control.txt}; among others {@code half-close-1-fault-ladder.txt}. */
    public Path ladder(String experiment, int trial, Arm arm) {
        return file(experiment, trial, arm, "ladder", "-ladder", ".txt");
    }

    /** {@code ladder.svg}, as its text is called. */
    public Path picture(String experiment, int trial, Arm arm) {
        return file(experiment, trial, arm, "ladder", "-ladder", ".svg");
    }

    private Path file(String experiment, int trial, Arm arm, String what, String among, String type) {
        String name = only
                ? what + (arm == Arm.FAULT ? "" : "-" + arm.label())
                : "%s-%d-%s%s".formatted(experiment, trial, arm.label(), among);
        return folder.resolve(name + type);
    }
}
