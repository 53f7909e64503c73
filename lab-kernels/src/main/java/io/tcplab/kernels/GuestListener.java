package io.tcplab.kernels;

/** Hears how a job goes on, on the thread that runs it. */
public interface GuestListener {
    /** It boots, by that accelerator. */
    void booting(Accelerator accelerator);

    /** A remark on how it is run, such as why KVM isn't used. */
    void note(String text);

    /** The command has been started; the guest took so long to boot. */
    void started(double seconds);

    /** A line that the command wrote to standard error. */
    void said(String line);
}
