package io.tcplab.client;

/** What a {@link Generator} knows of a connection. Everything runs on its loop. */
interface Connection {
    /** A new operation, on a new connection or on one that was resting. */
    void begin(long intendedNanos);

    /** The connection is ready to send on, and there is an operation to do on it. */
    void onConnected();

    /** {@link LabClient#release()}. */
    void onRelease();

    /** Ends the operation as given up, if it hasn't ended, and closes. */
    void giveUp();

    /** The plan has ended, and its drain too: as {@link #giveUp}, unless there is a name for what didn't happen until then. */
    default void tooLate() {
        giveUp();
    }

    void close();
}
