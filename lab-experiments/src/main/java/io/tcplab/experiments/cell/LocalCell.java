package io.tcplab.experiments.cell;

import io.tcplab.experiments.Role;
import io.tcplab.kernel.transitions.Recording;
import io.tcplab.kernel.wire.Wire;
import io.tcplab.kernel.wire.WireSegment;
import java.nio.file.Path;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Predicate;

/** A cell in this process. */
record LocalCell(Host client, Host server, CellLink link, CellRecording recorder, Deque<AutoCloseable> parts)
        implements Cell {

    @Override
    public Host host(Role role) {
        return switch (role) {
            case CLIENT -> client;
            case SERVER -> server;
        };
    }

    /** It ends with this process. */
    @Override
    public Optional<String> lost() {
        return Optional.empty();
    }

    @Override
    public Recording recording() {
        return recorder.recording();
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
