package io.tcplab.cli;

import io.tcplab.transport.Transport;
import picocli.CommandLine.Option;

/** {@code --transport} of the programs that run alone. */
final class TransportOption {
    @Option(
            names = "--transport",
            paramLabel = "NAME",
            defaultValue = "epoll",
            description = "epoll (default), io_uring or nio.")
    private String name = "epoll";

    /** The one that the user wants; epoll instead, with a message, where this machine lacks it. */
    Transport chosen(Screen screen) {
        return Transport.parse(name).orEpoll(screen.err()::println);
    }
}
