package io.tcplab.cli;

import io.tcplab.transport.LabMeter;

/**
 * Every meter of {@code lab watch}: what the kernel said at the latest look. All carry the tag {@code target}: what is watched.
 */
enum WatchMeter implements LabMeter {
    /** Gauge, tag {@code state}. */
    STATE("tcplab.watch.state", "sockets", "The target's sockets in a TCP state"),

    /** Gauge, tag {@code cause}: every cause that a diagnosis knows. */
    CAUSE("tcplab.watch.cause", "findings", "What is wrong with the target, by the looks of the last seconds"),

    /** Counter, tag {@code counter}: the kernel's name. */
    COUNTER("tcplab.watch.counter", "events", "A counter of the whole network namespace, since it was made"),

    /** Counter. */
    TAKEN("tcplab.watch.taken", "looks", "Looks taken"),

    /** Gauge. */
    LOOK("tcplab.watch.look", "seconds", "How long the latest look took");

    @SuppressWarnings("ImmutableEnumChecker") // It is: a record of strings.
    private final Label label;

    WatchMeter(String id, String unit, String description) {
        label = new Label(id, unit, description);
    }

    @Override
    public Label label() {
        return label;
    }
}
