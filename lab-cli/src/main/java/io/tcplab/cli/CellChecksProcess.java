package io.tcplab.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link CellChecks} for a user without privileges: in a process of their own, inside of a user namespace, where
 * {@code scripts/lab} puts runs too. A JVM can't enter one itself, since it has several threads.
 */
final class CellChecksProcess {
    private static final String SEPARATOR = "\t";
    private static final int FIELDS = 4;

    private CellChecksProcess() {}

    /** The process's side: prints the checks, one a line. */
    public static void main(String[] args) {
        CellChecks.all().forEach(check -> System.out.println(format(check)));
    }

    /** Starts the process and gives what it found; a check that is missing if it can't tell. */
    static List<Check> all() throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command()).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() == 0) {
                return output.lines().map(CellChecksProcess::parse).toList();
            }
            return List.of(Check.missing("cells", "the check in a user namespace printed nothing", output.strip()));
        } catch (IOException e) {
            return List.of(Check.missing("cells", "no user namespace", String.valueOf(e.getMessage())));
        }
    }

    private static List<String> command() {
        List<String> command = new ArrayList<>(List.of("unshare", "--user", "--map-root-user", "--net"));
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData", // a file in /tmp that would outlive a kill
                "-Dstdout.encoding=UTF-8",
                "-cp",
                System.getProperty("java.class.path"),
                CellChecksProcess.class.getName()));
        return command;
    }

    static String format(Check check) {
        return String.join(SEPARATOR, check.state().name(), check.what(), line(check.found()), line(check.remedy()));
    }

    static Check parse(String line) {
        String[] fields = line.split(SEPARATOR, FIELDS);
        return fields.length == FIELDS
                ? new Check(Check.State.valueOf(fields[0]), fields[1], fields[2], fields[3])
                : Check.missing("cells", "the check in a user namespace printed", line);
    }

    private static String line(String text) {
        return text.replaceAll("[\\t\\n]+", " ");
    }
}
