package io.tcplab.kernels;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What to run, in a guest or as a process of this machine.
 *
 * @param command program and arguments; {@link #OUT} among them stands for the folder that the results go to
 * @param directory to run it in
 * @param environment in addition to what the guest has, which is nothing
 * @param openFiles the limit of descriptors
 * @param folder on this machine, for the results and for all that is said on the way
 * @param silence after so long without a word it counts as hung
 */
public record GuestJob(
        List<String> command,
        Path directory,
        Map<String, String> environment,
        long openFiles,
        Path folder,
        Duration silence) {
    /** In a command: the folder of the results, wherever that is. */
    public static final String OUT = "{out}";

    /** Copies the collections. */
    public GuestJob {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** The last line that the command wrote to standard error; empty if it wrote none. */
    public Optional<String> lastWords() {
        try {
            return new Tail(folder.resolve(JobFiles.MESSAGES)).last(1).stream().findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The command, with its results there. */
    GuestJob withResultsIn(String out) {
        return new GuestJob(
                command.stream().map(word -> word.replace(OUT, out)).toList(),
                directory,
                environment,
                openFiles,
                folder,
                silence);
    }
}
