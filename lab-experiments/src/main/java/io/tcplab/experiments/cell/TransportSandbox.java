package io.tcplab.experiments.cell;

import io.tcplab.experiments.Role;
import io.tcplab.kernel.transitions.Recording;
import io.tcplab.kernel.wire.Wire;
import io.tcplab.transport.Transport;
import java.nio.file.Path;
import java.util.Optional;

/** Another sandbox's cells, where Netty talks to the kernel by one transport whatever an experiment would choose. */
public record TransportSandbox(Sandbox sandbox, Transport transport) implements Sandbox {

    @Override
    public String name() {
        return sandbox.name();
    }

    @Override
    public Optional<String> unavailable() {
        return sandbox.unavailable();
    }

    @Override
    public Optional<String> obstacle(CellPlan plan) {
        return transport
                .unavailable()
                .map(reason -> "transport " + transport.label() + ": " + reason)
                .or(() -> sandbox.obstacle(plan));
    }

    @Override
    public Optional<String> sysctlProblem(String name, String value) {
        return sandbox.sysctlProblem(name, value);
    }

    @Override
    public Capacity capacity() {
        return sandbox.capacity();
    }

    @Override
    public String kernel() {
        return sandbox.kernel();
    }

    @Override
    public Cell open(CellPlan plan) {
        return new ItsCell(sandbox.open(plan), transport);
    }

    private record ItsCell(Cell cell, Transport transport) implements Cell {
        @Override
        public Host host(Role role) {
            return new TransportHost(cell.host(role), transport);
        }

        @Override
        public Optional<String> lost() {
            return cell.lost();
        }

        @Override
        public Recording recording() {
            return cell.recording();
        }

        @Override
        public Wire wire() {
            return cell.wire();
        }

        @Override
        public LinkCapture capture(Path file) {
            return cell.capture(file);
        }

        @Override
        public void close() {
            cell.close();
        }
    }
}
