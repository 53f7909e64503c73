package io.tcplab.server;

import io.tcplab.transport.LabMeter;

/**
 * Every meter of a {@link LabServer}. All carry the tag {@code behaviour} (its name); give each server a registry of
 * its own, or one with a common tag that tells them apart.
 *
 * <p>They are the server's own bookkeeping: they help to watch it, and are never evidence of what TCP did.
 */
public enum ServerMeter implements LabMeter {
    /** Counter: connections that {@code accept(2)} returned. */
    ACCEPTED("tcplab.server.accepted", "connections", "Connections that accept(2) returned"),

    /** Counter, tag {@code errno}: failed {@code accept(2)} calls. {@code EMFILE} is there from the start. */
    ACCEPT_FAILURES("tcplab.server.accept.failures", "calls", "Calls of accept(2) that failed"),

    /**
     * Gauge: connections accepted and not yet closed by the server. The kernel may have let go of some already, as it
     * does on a reset that nobody reads.
     */
    ACTIVE("tcplab.server.active", "connections", "Connections accepted and not yet closed by the server"),

    /** Counter, tag {@code cause}: closed connections; the causes are those of {@link CloseCause}. */
    CLOSED("tcplab.server.closed", "connections", "Connections that the server has closed"),

    /** Counter: bytes that {@code recv(2)} returned. */
    RECEIVED("tcplab.server.received", "bytes", "Bytes read from connections"),

    /** Counter: bytes that {@code send(2)} took; the peer may not have them yet. */
    SENT("tcplab.server.sent", "bytes", "Bytes that the kernel accepted for sending"),

    /**
     * Timer, tag {@code loop} (its index): how much later than asked for an event loop runs a task; asked every 100 ms.
     */
    LOOP_LAG("tcplab.server.loop.lag", "seconds", "How late an event loop runs a task");

    @SuppressWarnings("ImmutableEnumChecker") // It is: a record of strings.
    private final Label label;

    ServerMeter(String id, String unit, String description) {
        label = new Label(id, unit, description);
    }

    @Override
    public Label label() {
        return label;
    }
}
