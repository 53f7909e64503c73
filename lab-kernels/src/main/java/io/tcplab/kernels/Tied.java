package io.tcplab.kernels;

import java.util.List;
import java.util.stream.Stream;

/** Processes that don't outlive the lab, whatever ends it. */
final class Tied {
    private Tied() {}

    /**
     * A command's beginning: its kernel kills it when the thread that started it ends, with or without its process. PR_SET_PDEATHSIG holds from
     * when it is set, so a shell looks afterwards whether the lab is still there: from then on either the signal comes or the parent is another.
     */
    static List<String> to(String... command) {
        String unlessOrphaned = "[ $PPID = %d ] && exec \"$@\""
                .formatted(ProcessHandle.current().pid());
        return Stream.concat(
                        Stream.of("setpriv", "--pdeathsig", "KILL", "sh", "-c", unlessOrphaned, "sh"),
                        Stream.of(command))
                .toList();
    }
}
