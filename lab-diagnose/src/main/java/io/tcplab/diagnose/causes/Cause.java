package io.tcplab.diagnose.causes;

import java.util.List;

/** Something that can be wrong with a process's sockets, and how to recognize it. Knows nothing but the evidence. */
public abstract class Cause {
    private final String id;
    private final String lookedFor;

    /**
     * A cause.
     *
     * @param id its name in reports: "eof-read-not-closed"
     * @param lookedFor what it looks for, in a few words
     */
    Cause(String id, String lookedFor) {
        this.id = id;
        this.lookedFor = lookedFor;
    }

    /** Its name in reports: "eof-read-not-closed". */
    public final String id() {
        return id;
    }

    /** What it looks for, in a few words: what a report says was checked. */
    public final String lookedFor() {
        return lookedFor;
    }

    /** What it finds; nothing, if all is well. */
    public abstract List<Finding> find(Evidence evidence);

    /** What is worth knowing in this matter though nothing is wrong, a sentence each. */
    public List<String> observe(Evidence evidence) {
        return List.of();
    }

    /** What it couldn't tell, because it takes more looks than there were: a sentence each. Then finding nothing means nothing. */
    public List<String> untold(Evidence evidence) {
        return List.of();
    }
}
