package io.tcplab.kernels;

/** Names in a job's folder. */
public final class JobFiles {
    /** What the command wrote to standard output. */
    public static final String OUTPUT = "output.log";
    /** What it wrote to standard error. */
    public static final String MESSAGES = "messages.log";
    /** What the guest's kernel and its first process wrote to the console. */
    public static final String CONSOLE = "console.log";
    /** What QEMU had to say. */
    static final String EMULATOR = "qemu.log";
    /** The command's exit code, once it has ended. */
    static final String CODE = "code";

    private JobFiles() {}
}
