package io.tcplab.experiments.cell;

import io.tcplab.experiments.Role;
import io.tcplab.kernel.transitions.Transition;
import io.tcplab.kernel.wire.Wire;
import io.tcplab.kernel.wire.WireSegment;
import java.nio.file.Path;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/** A cell in this process. */
record LocalCell(Host client, Host server, CellLink link, CellRecording recording, Deque<AutoCloseable> parts)
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
        if (link instanceof CellLink.OfWire joined) {
            return joined.wire();
        }
        throw new IllegalStateException("this cell has no wire: plan it with CellPlan.withWire()");
    }

    @Override
    public LinkCapture capture(Path file) {
        return link.capture(file);
    }

    @Override
    public LinkWatch watch(Predicate<WireSegment> wanted) {
        return link.watch(wanted);
    }

    @Override
    public void close() {
        Closing.all(parts);
    }
}
