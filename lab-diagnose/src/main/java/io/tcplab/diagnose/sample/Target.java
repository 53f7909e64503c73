package io.tcplab.diagnose.sample;

import io.tcplab.kernel.netns.Namespace;

/** What a user wants to have looked at. */
public sealed interface Target {
    /** A process: the sockets it holds, and those on the ports it listens on. */
    record OfProcess(int pid) implements Target {}

    /** A port of this host: its sockets; or, if there are none, the connections to that port elsewhere. */
    record OnPort(int port) implements Target {}

    /** A container of the local Docker or Podman engine, by its name or id: all that is in its network namespace. */
    record OfContainer(String name) implements Target {}

    /** A network namespace by its name for ip-netns(8), or by a file such as /proc/4711/ns/net: all that is in it. */
    record InNamespace(String nameOrFile) implements Target {}

    /** A namespace that this process has made or opened, or its own: all that is in it. The caller closes it. */
    record Inside(Namespace namespace) implements Target {}

    /** A port in a namespace that this process has made or opened. The caller closes it. */
    record PortInside(Namespace namespace, int port) implements Target {}

    /** What messages call it: "process 4711". */
    default String label() {
        return switch (this) {
            case OfProcess it -> "process " + it.pid();
            case OnPort it -> "port " + it.port();
            case OfContainer it -> "container " + it.name();
            case InNamespace it -> "network namespace " + it.nameOrFile();
            case Inside it -> "network namespace " + it.namespace().label();
            case PortInside it -> "port " + it.port() + " in " + it.namespace().label();
        };
    }
}
