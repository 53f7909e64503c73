package io.tcplab.cli;

import io.tcplab.experiments.UsageException;
import io.tcplab.kernels.GuestJob;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The lab's own command line, to start the lab once more as it was started, in another kernel or beside it. */
final class LabCommand {
    private static final Path OWN = Path.of("/proc/self/cmdline");
    private static final String JAR = "-jar";
    /**
     * The AOT cache's classes and profiles are good for any processor. Its code isn't: an emulated one may lack this machine's instructions
     * and die of SIGILL.
     */
    private static final List<String> NO_CODE_OF_THIS_PROCESSOR =
            List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTAdapterCaching", "-XX:-AOTStubCaching");

    /** Those that are this process's own business, each with a value. */
    private static final Set<String> OWN_OPTIONS = Set.of(
            "--kernel",
            "--kernel-silence",
            "--out",
            "--json",
            "--junit-xml",
            "--markdown",
            "--html",
            "--csv",
            "--fail-if");

    private static final String JOBS = "--jobs";
    private static final int RUNS_IN_A_GUEST = 6;

    /** If Java crashed in a guest, why. */
    static final String CRASH = "java-crash.log";

    /** What it reports goes there. */
    static final String REPORT = "report.json";

    private LabCommand() {}

    /**
     * The same command with its results in a job's folder.
     *
     * @param typed what the user typed after the program's name
     * @param more options, such as {@code --seed=7}, in place of those that the user typed
     */
    static List<String> again(List<String> typed, List<String> more) throws IOException {
        List<String> command = new ArrayList<>(program());
        command.addAll(without(typed, more));
        command.addAll(more);
        command.addAll(List.of("--out", GuestJob.OUT, "--json", GuestJob.OUT + "/" + REPORT));
        return command;
    }

    /** The lab with these arguments, to be started on this machine as this process was. */
    static List<String> beside(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(own());
        command.addAll(arguments);
        return command;
    }

    /**
     * That command for a guest. Its processors are slow and its runs are short: C2 would take more time than it saves, and with more runs side
     * by side each would be late for its own timers. If Java crashes, its report must not be lost with the guest.
     */
    static List<String> inGuest(List<String> command) {
        List<String> there = new ArrayList<>(command);
        if (there.stream().noneMatch(argument -> argument.equals(JOBS) || argument.startsWith(JOBS + "="))) {
            there.add(JOBS + "=" + RUNS_IN_A_GUEST);
        }
        there.addAll(
                there.indexOf(JAR), List.of("-XX:TieredStopAtLevel=1", "-XX:ErrorFile=" + GuestJob.OUT + "/" + CRASH));
        return there;
    }

    /** Java, its options, and the jar: all that stands before the lab's own arguments. */
    private static List<String> program() throws IOException {
        List<String> program = new ArrayList<>(own());
        program.addAll(1, NO_CODE_OF_THIS_PROCESSOR);
        return program;
    }

    private static List<String> own() throws IOException {
        List<String> all = Arrays.asList(new String(Files.readAllBytes(OWN), StandardCharsets.UTF_8).split("\0"));
        int jar = all.indexOf(JAR);
        if (jar < 0) {
            throw new UsageException(
                    "--kernel starts the packaged program in the guest: start the lab by scripts/lab, or install it");
        }
        List<String> program = new ArrayList<>(all.subList(0, jar));
        program.set(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
        program.addAll(List.of(JAR, Path.of(all.get(jar + 1)).toAbsolutePath().toString()));
        return program;
    }

    /** What the user typed but for this process's own options and those that are given anew. */
    static List<String> without(List<String> typed, List<String> anew) {
        Set<String> own = new HashSet<>(OWN_OPTIONS);
        anew.forEach(option -> own.add(option.replaceFirst("=.*", "")));
        List<String> kept = new ArrayList<>();
        for (int i = 0; i < typed.size(); i++) {
            String argument = typed.get(i);
            if (own.contains(argument)) {
                i++; // and its value
            } else if (own.stream().noneMatch(option -> argument.startsWith(option + "="))) {
                kept.add(argument);
            }
        }
        return kept;
    }
}
