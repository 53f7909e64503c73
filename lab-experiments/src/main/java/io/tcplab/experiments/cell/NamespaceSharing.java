package io.tcplab.experiments.cell;

/** Who lives beside a host in its network namespace. */
enum NamespaceSharing {
    /** Nothing: the host has the namespace to itself. */
    EXCLUSIVE,
    /** Docker's name server, which listens inside each container of a network of the user's: see {@link EngineResolver}. */
    WITH_RESOLVER,
    /** Anybody: then a socket is the host's by its local address only, and counters count the others' doings as well. */
    SHARED
}
