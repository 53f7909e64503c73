package io.tcplab.kernels;

import java.util.List;
import java.util.stream.Stream;

/** Processes that don't outlive the lab, whatever ends it. */
final class Tied {
    private Tied() {}

    /** A command's beginning: its kernel kills it when the thread that started it ends, with or without its process. */
    static List<String> to(String... command) {
        return Stream.concat(Stream.of("setpriv", "--pdeathsig", "KILL"), Stream.of(command))
                .toList();
    }
}
