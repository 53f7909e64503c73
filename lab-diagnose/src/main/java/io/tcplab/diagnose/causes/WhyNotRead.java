package io.tcplab.diagnose.causes;

/** Why a program doesn't read a socket. {@link Unread} finds out. */
enum WhyNotRead {
    STOPPED(
            "stopped",
            "its process is stopped",
            Certainty.LIKELY,
            "a process that is stopped reads nothing",
            "Let it go on: kill -CONT where it was stopped (SIGSTOP, Ctrl-Z), docker unpause where it was paused, detach the"
                    + " debugger where one holds it. Then look again.",
            ""),
    SPINNING(
            "spinning",
            "it is busy all the time",
            Certainty.LIKELY,
            "its threads computed while nothing was read",
            "Take a few stack dumps (jstack, py-spy, gdb) of the busy thread: a loop that never returns to the event loop, or"
                    + " that is told of something again and again and doesn't deal with it.",
            Reproduction.CLOSE_WAIT_BLOCKED.experiment()),
    BLOCKED(
            "blocked",
            "whoever should read it is blocked",
            Certainty.LIKELY,
            "who should read it waits for something else",
            "Take a stack dump: the event loop's thread, or the handler's, waits for something else, such as a lock, a"
                    + " database, a sleep. Move that off the event loop, or give it a timeout.",
            Reproduction.CLOSE_WAIT_BLOCKED.experiment()),
    PAUSED(
            "paused",
            "the program doesn't ask to read it",
            Certainty.LIKELY,
            "its event loop runs, and isn't told of this socket's data",
            "Find where reading is paused or never begun: autoRead=false without read(), a pause() without resume(),"
                    + " interest in writing only, a selector from which the key was removed.",
            Reproduction.NETTY_AUTO_READ.experiment()),
    UNKNOWN(
            "unknown",
            "its handler is blocked, or it doesn't read at all",
            Certainty.POSSIBLE,
            "which of them it is, the threads' states don't tell here",
            "Take a dump of the program's threads, or of its goroutines or tasks, which the kernel doesn't know: look for a handler"
                    + " that waits (then it never gets to read()), else for where reading stops (autoRead=false, pause()).",
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
