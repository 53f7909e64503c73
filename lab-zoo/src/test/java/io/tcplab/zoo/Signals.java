package io.tcplab.zoo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Sends signals. */
final class Signals {
    private Signals() {}

    /** To the program that a process of a cell stands for, and all that it has started. */
    static void send(String name, Process program) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-s", name));
        program.descendants().map(each -> Long.toString(each.pid())).forEach(command::add);
        int code = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (code != 0) {
            throw new AssertionError(command + " ended with " + code);
        }
    }
}
