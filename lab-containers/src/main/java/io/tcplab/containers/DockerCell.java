package io.tcplab.containers;

import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.cell.Cell;
import io.tcplab.experiments.cell.CellRecording;
import io.tcplab.experiments.cell.Closing;
import io.tcplab.experiments.cell.LinkCapture;
import io.tcplab.kernel.transitions.Recording;
import io.tcplab.kernel.wire.Wire;
import java.nio.file.Path;
import java.util.Deque;
import java.util.Optional;

/**
 * A cell of two containers.
 *
 * @param clientLink the line to the client's agent, which captures if anybody does
 * @param parts what is to be closed, the latest first
 */
record DockerCell(
        RemoteHost client, RemoteHost server, AgentLink clientLink, CellRecording recorder, Deque<AutoCloseable> parts)
        implements Cell {
    @Override
    public RemoteHost host(Role role) {
        return switch (role) {
            case CLIENT -> client;
            case SERVER -> server;
        };
    }

    @Override
    public Optional<String> lost() {
        return client.lost().or(server::lost);
    }

    @Override
    public Recording recording() {
        return recorder.recording();
    }

    @Override
    public Wire wire() {
        throw new EvidenceMissing(DockerSandbox.NO_WIRE);
    }

    @Override
    public LinkCapture capture(Path file) {
        return RemoteCapture.start(clientLink, file);
    }

    @Override
    public void close() {
        Uninterruptibly.call(() -> {
            Closing.all(parts);
            return true;
        });
    }
}
