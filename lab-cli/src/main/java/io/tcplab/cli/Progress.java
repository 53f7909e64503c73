package io.tcplab.cli;

import io.tcplab.experiments.run.PreparedRun;
import io.tcplab.experiments.run.RunListener;
import java.util.List;

/** Shows how runs go on, and lets finished reports through. */
interface Progress extends RunListener, AutoCloseable {

    /** Redrawn in place on a terminal, a line for each step elsewhere. */
    static Progress on(Screen screen, List<PreparedRun> runs) {
        return screen.errIsTerminal() ? new LiveProgress(screen, runs) : new PlainProgress(screen);
    }

    /** Prints a report without tearing it or the progress apart; {@code text} ends its last line. */
    void print(String text);

    /** Removes what is drawn. */
    @Override
    void close();
}
