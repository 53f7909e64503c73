package io.tcplab.diagnose;

import io.tcplab.kernel.processes.ProcessStat;
import io.tcplab.kernel.processes.SystemCall;
import io.tcplab.kernel.processes.TaskState;
import io.tcplab.kernel.processes.ThreadCall;
import java.util.stream.IntStream;

/** Threads in system calls, as a kernel could have told them. */
final class Calls {
    private Calls() {}

    /** A thread of the server, or its only one, that sleeps. */
    static ProcessStat stat(int id) {
        return new ProcessStat(id, "server", TaskState.SLEEPING, 1, 0, 0);
    }

    /** A number of this call on this machine. */
    static int number(SystemCall call) {
        return IntStream.range(0, 500)
                .filter(number -> new ThreadCall(stat(1), number, 0).waitsIn(call))
                .findFirst()
                .orElseThrow();
    }
}
