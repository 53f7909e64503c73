package io.tcplab.diagnose.sample;

/** Which sockets of a namespace a diagnosis is about. */
public sealed interface Scope {
    /** All of them. */
    record Everything() implements Scope {}

    /** Those with this local port or, where there are none, with this peer's port. */
    record OnPort(int port) implements Scope {}

    /** Those of a process, and of those that share its listeners, as workers do. */
    record OfProcess(int pid) implements Scope {}
}
