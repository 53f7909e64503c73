package io.tcplab.experiments.cell;

import io.tcplab.experiments.Role;
import io.tcplab.kernel.transitions.Transition;
import io.tcplab.kernel.wire.Wire;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** A cell in this process. */
record LocalCell(Host client, Host server, Optional<Wire> ownWire, CellRecording recording, Deque<AutoCloseable> parts)
        implements Cell {

    @Override
    public Host host(Role role) {
        return switch (role) {
            case CLIENT -> client;
            case SERVER -> server;
        };
    }

    @Override
    public List<Transition> transitions() {
        return recording.transitions();
    }

    @Override
    public Wire wire() {
        return ownWire.orElseThrow(
                () -> new IllegalStateException("this cell has no wire: plan it with CellPlan.withWire()"));
    }

    @Override
    public void close() {
        Closing.all(parts);
    }
}
