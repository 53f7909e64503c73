package io.tcplab.diagnose.causes;

/** Why a program doesn't read a socket. {@link Unread} finds out. */
enum WhyNotRead {
    SPINNING(
            "it is busy all the time",
            Certainty.LIKELY,
            "its threads computed while nothing was read",
            "Take a few stack dumps (jstack, py-spy, gdb) of the busy thread: a loop that never returns to the event loop.",
            Reproduction.CLOSE_WAIT_BLOCKED.experiment()),
    BLOCKED(
            "whoever should read it is blocked",
            Certainty.LIKELY,
            "who should read it waits for something else",
            "Take a stack dump: the event loop's thread, or the handler's, waits for something else, such as a lock, a"
                    + " database, a sleep. Move that off the event loop, or give it a timeout.",
            Reproduction.CLOSE_WAIT_BLOCKED.experiment()),
    NOT_ASKED(
            "the program doesn't ask to read it",
            Certainty.LIKELY,
            "its event loop runs, and isn't told of this socket's data",
            "Find where reading is paused or never begun: autoRead=false without read(), a pause() without resume(),"
                    + " interest in writing only, a selector from which the key was removed.",
            Reproduction.NETTY_AUTO_READ.experiment()),
    NOT_KNOWN(
            "its handler is blocked, or it doesn't read at all",
            Certainty.POSSIBLE,
            "which of them it is, the threads' states don't tell here",
            "Take a stack dump of the program: look for a handler that waits (then it never gets to read()), else for"
                    + " where reading stops (autoRead=false, pause()).",
            Reproduction.CLOSE_WAIT_BLOCKED.experiment());

    private final String words;
    private final Certainty certainty;
    private final String because;
    private final String advice;
    private final String experiment;

    WhyNotRead(String words, Certainty certainty, String because, String advice, String experiment) {
        this.words = words;
        this.certainty = certainty;
        this.because = because;
        this.advice = advice;
        this.experiment = experiment;
    }

    String words() {
        return words;
    }

    Certainty certainty() {
        return certainty;
    }

    String because() {
        return because;
    }

    String advice() {
        return advice;
    }

    String experiment() {
        return experiment;
    }
}
