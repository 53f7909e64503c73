package io.tcplab.cli;

import io.tcplab.experiments.run.RunListener;

/** Shows how runs go on, and lets finished reports through. */
interface Progress extends RunListener, AutoCloseable {

    /** Prints a report without tearing it or the progress apart; {@code text} ends its last line. */
    void print(String text);

    /** Removes what is drawn. */
    @Override
    void close();
}
