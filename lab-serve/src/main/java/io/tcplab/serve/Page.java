package io.tcplab.serve;

/** What the page can ask for. Called by a thread that may wait, never by Netty's. */
interface Page {
    /** The experiments and their knobs, as JSON. */
    byte[] catalogue();

    /** What a browser must know first, as an event. */
    byte[] history();

    /**
     * Starts an experiment.
     *
     * @param json {@code {"experiment": "close-wait-leak", "set": {"connections": "500"}}}
     * @throws io.tcplab.experiments.UsageException if it can't be done as asked
     */
    void start(String json);

    /** Stops the running experiment, if there is one. */
    void stop();

    /** Takes a browser that listens. */
    void join(Subscriber subscriber);

    /** A browser has gone. */
    void leave(Subscriber subscriber);
}
