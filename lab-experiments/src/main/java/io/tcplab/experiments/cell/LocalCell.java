package io.tcplab.experiments.cell;

import io.tcplab.experiments.Role;
import io.tcplab.kernel.transitions.Transition;
import java.util.Deque;
import java.util.List;

/** A cell in this process. */
record LocalCell(Host client, Host server, CellRecording recording, Deque<AutoCloseable> parts) implements Cell {

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
    public void close() {
        Closing.all(parts);
    }
}
