package io.tcplab.transport;

/** A meter of one of the lab's programs: a constant of an enum, so that all of a program's can be listed. */
public interface LabMeter {
    /** How Micrometer describes it. */
    Label label();

    /** Micrometer's name of the meter; Prometheus shows it with underscores. */
    default String id() {
        return label().id();
    }

    /** The base unit. */
    default String unit() {
        return label().unit();
    }

    /** One line of help. */
    default String description() {
        return label().description();
    }

    /** See the methods of the same names. */
    record Label(String id, String unit, String description) {}
}
