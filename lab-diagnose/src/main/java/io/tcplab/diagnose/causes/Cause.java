package io.tcplab.diagnose.causes;

import java.util.List;

/** Something that can be wrong with a process's sockets, and how to recognize it. Knows nothing but the evidence. */
public interface Cause {
    /** Its name in reports: "eof-read-not-closed". */
    String id();

    /** What it looks for, in a few words: what a report says was checked. */
    String lookedFor();

    /** What it finds; nothing, if all is well. */
    List<Finding> find(Evidence evidence);

    /** What is worth knowing in this matter though nothing is wrong, a sentence each. */
    default List<String> observe(Evidence evidence) {
        return List.of();
    }

    /** What it couldn't tell, since it takes more looks than there were: a sentence each. Then finding nothing means nothing. */
    default List<String> untold(Evidence evidence) {
        return List.of();
    }
}
