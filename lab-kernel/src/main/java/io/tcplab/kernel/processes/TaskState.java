package io.tcplab.kernel.processes;

/**
 * The state of a process or a thread, by the letter that {@code /proc/PID/stat} has for it (task_state_array in
 * fs/proc/array.c). A thread whose cgroup v2 is frozen is {@link #SLEEPING}; of cgroup v1, {@link #DISK_SLEEP}: see {@link
 * Freezer}.
 */
public enum TaskState {
    /** On a processor, or ready for one. */
    RUNNING('R'),
    /** In a call that a signal can interrupt. */
    SLEEPING('S'),
    /** In a call that no signal interrupts, such as for a disk; or frozen by cgroup v1 (__refrigerator()). */
    DISK_SLEEP('D'),
    /** By SIGSTOP, SIGTSTP, SIGTTIN or SIGTTOU, until SIGCONT. */
    STOPPED('T'),
    /** By a debugger, until that lets it go on. */
    TRACED('t'),
    /** Ended; its parent hasn't waited for it. */
    ZOMBIE('Z'),
    /** Ended; seldom to be seen. */
    DEAD('X'),
    /** A thread of the kernel's that has nothing to do. */
    IDLE('I'),
    /** A thread of the kernel's that is set aside. */
    PARKED('P'),
    /** A letter that this kernel has and this enum hasn't. */
    OTHER('?');

    private final char letter;

    TaskState(char letter) {
        this.letter = letter;
    }

    /** The state of a letter. */
    static TaskState of(char letter) {
        for (TaskState state : values()) {
            if (state.letter == letter) {
                return state;
            }
        }
        return OTHER;
    }

    /** As ps shows it: "S". */
    public char letter() {
        return letter;
    }

    /** Whether it has ended, so that it does nothing more. */
    public boolean hasEnded() {
        return this == ZOMBIE || this == DEAD;
    }
}
