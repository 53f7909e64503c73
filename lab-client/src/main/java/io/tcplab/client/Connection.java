package io.tcplab.client;

/** What a {@link Generator} knows of a connection. Everything runs on its loop. */
interface Connection {
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
