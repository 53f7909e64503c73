package io.tcplab.compare.threshold;

/** A threshold can't be understood. */
public final class ThresholdException extends IllegalArgumentException {
    private final int column;

    ThresholdException(int column, String message) {
        super(message);
        this.column = column;
    }

    /** Where in its text, from 1. */
    public int column() {
        return column;
    }
}
