package io.tcplab.diagnose.causes;

/** Why a program doesn't read a socket. {@link Unread} finds out. */
enum WhyNotRead {
    STOPPED(
            "stopped",
            "its process is stopped",
            Certainty.LIKELY,
            "a stopped process reads nothing",
            "Resume it: kill -CONT if it was stopped (SIGSTOP, Ctrl-Z), docker unpause if it was paused, detach the"
                    + " debugger if there is one. Then run this again.",
            ""),
    SPINNING(
            "spinning",
            "it is always busy",
            Certainty.LIKELY,
            "its threads used the processor while nothing was read",
            "Take a few stack dumps (jstack, py-spy, gdb) of the busy thread: look for a loop that never returns to"
                    + " the event"
                    + " loop, or that keeps getting an event and doesn't handle it.",
            Reproduction.CLOSE_WAIT_BLOCKED.experiment()),
    BLOCKED(
            "blocked",
            "the thread that should read it is blocked",
            Certainty.LIKELY,
            "the thread that should read it waits for something else",
            "Take a stack dump: the event loop's thread, or the handler's, waits for something else, such as a lock, a"
                    + " database or a sleep. Move that off the event loop, or give it a timeout.",
            Reproduction.CLOSE_WAIT_BLOCKED.experiment()),
    PAUSED(
            "paused",
            "the program doesn't ask for its data",
            Certainty.LIKELY,
            "its event loop runs, but doesn't watch this socket for data",
            "Find where reading is paused or never started: autoRead=false without read(), a pause() without resume(),"
                    + " interest only in writing, a key removed from its selector.",
            Reproduction.NETTY_AUTO_READ.experiment()),
    UNKNOWN(
            "unknown",
            "its handler is blocked, or the program doesn't read at all",
            Certainty.POSSIBLE,
            "the threads' states don't show which of the two it is",
            "Take a dump of the program's threads, or of its goroutines or tasks, which the kernel doesn't know:"
                    + " look for a"
                    + " handler that waits (then it never gets to read()), or for the place where reading stops"
                    + " (autoRead=false, pause()).",
            Reproduction.CLOSE_WAIT_BLOCKED.experiment());

    private final String label;
    private final String words;
    private final Certainty certainty;
    private final String because;
    private final String advice;
    private final String experiment;

    WhyNotRead(String label, String words, Certainty certainty, String because, String advice, String experiment) {
        this.label = label;
        this.words = words;
        this.certainty = certainty;
        this.because = because;
        this.advice = advice;
        this.experiment = experiment;
    }

    /** As JSON has it: "blocked". */
    String label() {
        return label;
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
