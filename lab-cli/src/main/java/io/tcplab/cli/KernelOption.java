package io.tcplab.cli;

import io.tcplab.experiments.UsageException;
import io.tcplab.experiments.cell.Sandbox;
import io.tcplab.kernels.Kernel;
import io.tcplab.kernels.Kernels;
import io.tcplab.kernels.KernelsException;
import io.tcplab.kernels.Requirements;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The option that names kernels to run on. */
final class KernelOption {
    private static final String HOST = "host";
    private static final int DEFAULT_SILENCE_SECONDS = 300;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--kernel",
            paramLabel = "NAME",
            split = ",",
            description =
                    "Run on these kernels and show them side by side: a version such as 6.1, a file (or FILE:MODULES), or host,"
                            + " this machine's own. Each boots in QEMU over this machine's files, which stay as they are."
                            + " `lab kernels` lists what is available.")
    private List<String> names = List.of();

    @Option(
            names = "--kernel-silence",
            paramLabel = "SECONDS",
            description = "End a guest that has printed nothing for this long (default: 300).")
    private int silence = DEFAULT_SILENCE_SECONDS;

    /**
     * One of the kernels.
     *
     * @param name as the user typed it
     * @param kernel to boot; empty for this machine's own
     */
    record Lane(String name, Optional<Kernel> kernel) {}

    boolean isGiven() {
        return !names.isEmpty();
    }

    Duration silence() {
        if (silence < 1) {
            throw new UsageException("--kernel-silence " + silence + ": must be 1 or more");
        }
        return Duration.ofSeconds(silence);
    }

    /** What the user typed, after the program's name. */
    List<String> typed() {
        return spec.root().commandLine().getParseResult().originalArgs();
    }

    /**
     * The kernels in the user's order.
     *
     * @throws UsageException if there is no such kernel, or one is named twice
     */
    List<Lane> lanes() {
        Kernels kernels = Kernels.here();
        List<Lane> lanes = names.stream()
                .map(String::strip)
                .map(name -> name.equals(HOST) ? new Lane(name, Optional.empty()) : lane(name, find(kernels, name)))
                .toList();
        Set<Optional<String>> seen = new HashSet<>();
        for (Lane lane : lanes) {
            if (!seen.add(lane.kernel().map(Kernel::release))) {
                throw new UsageException("--kernel " + lane.name() + ": that kernel is named twice");
            }
        }
        return lanes;
    }

    /** Whether guests can't be had here; if so, says why and what helps. */
    static boolean isMissing(List<Lane> lanes, Screen screen) {
        if (lanes.stream().allMatch(lane -> lane.kernel().isEmpty())) {
            return false;
        }
        List<Requirements.Missing> missing = Requirements.missing();
        missing.forEach(each -> screen.err()
                .println("lab: no guests here: %s is missing: %s".formatted(each.program(), each.remedy())));
        if (!missing.isEmpty()) {
            screen.err()
                    .println("Without --kernel the same command runs. `lab doctor` lists everything that is missing.");
        }
        return !missing.isEmpty();
    }

    /** A guest has no Docker engine. */
    static void requireOwnCells(Sandbox sandbox) {
        if (sandbox.name().equals("docker")) {
            throw new UsageException("--sandbox docker uses the engine's kernel: leave it out, or --kernel");
        }
    }

    /** A file's path is too long for a column's heading. */
    private static Lane lane(String name, Kernel kernel) {
        return new Lane(kernel.origin() == Kernel.Origin.FILE ? kernel.release() : name, Optional.of(kernel));
    }

    private static Kernel find(Kernels kernels, String name) {
        try {
            return kernels.find(name);
        } catch (KernelsException e) {
            throw new UsageException("--kernel " + name + ": " + e.getMessage(), e);
        }
    }
}
