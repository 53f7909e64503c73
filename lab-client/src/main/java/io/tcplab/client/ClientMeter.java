package io.tcplab.client;

import io.tcplab.transport.LabMeter;

/**
 * Every meter of a {@link LabClient}, from its {@link LoadReport}. All carry the tag {@code load} (its name); give each
 * client a registry of its own, or one with a common tag that tells them apart.
 *
 * <p>They are the generator's own bookkeeping: they help to watch it, and are never evidence of what TCP did.
 */
public enum ClientMeter implements LabMeter {
    /** Counter: {@link LoadReport#intended()}. */
    INTENDED("tcplab.client.intended", "operations", "Operations scheduled so far"),

    /** Counter: {@link LoadReport#delayed()}. */
    DELAYED("tcplab.client.delayed", "operations", "Operations that started late because the limit was reached"),

    /** Counter: {@link LoadReport#connected()}. */
    CONNECTED("tcplab.client.connected", "connections", "Connections established"),

    /** Counter: {@link LoadReport#completed()}. */
    COMPLETED("tcplab.client.completed", "operations", "Operations that did everything their load defines"),

    /**
     * Counter, tag {@code errno}: {@link LoadReport#failures()}. The usual ones of a client are there from the start, the
     * others from when they were first seen.
     */
    FAILED("tcplab.client.failed", "operations", "Operations that failed"),

    /** Counter: {@link LoadReport#givenUp()}. */
    GIVEN_UP("tcplab.client.given.up", "operations", "Operations that the client itself ended"),

    /** Counter: {@link LoadReport#bytesSent()}. */
    SENT("tcplab.client.sent", "bytes", "Payload bytes that the kernel accepted for sending"),

    /** Counter: {@link LoadReport#bytesReceived()}. */
    RECEIVED("tcplab.client.received", "bytes", "Bytes read from connections"),

    /** Gauge: {@link LoadReport#inFlight()}. */
    IN_FLIGHT("tcplab.client.in.flight", "operations", "Operations that haven't ended"),

    /** Gauge: {@link LoadReport#waiting()}. */
    WAITING("tcplab.client.waiting", "operations", "Scheduled operations that haven't started"),

    /** Gauge, tag {@code quantile}: {@link LoadReport#connectLatency()}; NaN while nothing is connected. */
    CONNECT_LATENCY(
            "tcplab.client.connect.latency",
            "seconds",
            "From an operation's scheduled time until its connection was established, since the start"),

    /** Gauge, tag {@code quantile}: {@link LoadReport#completionLatency()}; NaN while nothing is complete. */
    COMPLETION_LATENCY(
            "tcplab.client.completion.latency",
            "seconds",
            "From an operation's scheduled time until it was complete, since the start"),

    /** Gauge, tag {@code quantile}: {@link LoadReport#lag()}; NaN with a rate of 0. */
    LAG("tcplab.client.lag", "seconds", "How late the client itself started operations, since the start");

    @SuppressWarnings("ImmutableEnumChecker") // It is: a record of strings.
    private final Label label;

    ClientMeter(String id, String unit, String description) {
        label = new Label(id, unit, description);
    }

    @Override
    public Label label() {
        return label;
    }
}
