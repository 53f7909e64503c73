package io.tcplab.kernel.support;

import io.tcplab.kernel.netns.Namespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Runs iproute2 as a witness that shares no code with the lab. */
public final class Command {
    private Command() {}

    /**
     * What runs a command inside a namespace: to be put before it.
     *
     * <p>nsenter and not a thread inside: the JVM's "process reaper" thread would be born there and hold the namespace.
     */
    public static List<String> entering(Namespace namespace) {
        return List.of("nsenter", "--net=/proc/" + ProcessHandle.current().pid() + "/fd/" + namespace.fd());
    }

    /** Runs a command inside a namespace and returns its output's lines. */
    public static List<String> in(Namespace namespace, String... command) throws IOException, InterruptedException {
        List<String> entered = new ArrayList<>(entering(namespace));
        entered.addAll(List.of(command));
        return run(entered);
    }

    /** Runs a command and returns its output's lines; fails if it does. */
    public static List<String> run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        if (exit != 0) {
            throw new AssertionError(command + " exited with " + exit + ": " + output);
        }
        return output.lines().toList();
    }
}
