package io.tcplab.serve;

import java.util.List;

/** An experiment that was started on the page, here or in a process of its own. */
sealed interface Running extends AutoCloseable permits RunFeed, RemoteRun {
    /** Both hosts of both arms. */
    List<LiveFrame.Host> hosts();

    /** How far it is. */
    LiveFrame.Run view();

    boolean isRunning();

    /** Lets it end soon; returns at once. */
    void stop();

    /** Ends it; on return its cells are gone. */
    @Override
    void close();
}
