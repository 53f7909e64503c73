package io.tcplab.kernels;

import java.nio.file.Path;

/**
 * What a guest runs on.
 *
 * @param accelerator to try first
 * @param program QEMU's
 * @param processors of a guest
 * @param megabytes of a guest's memory
 */
public record GuestMachine(Accelerator accelerator, Path program, int processors, long megabytes) {
    private static final int MOST_PROCESSORS = 4;
    private static final int FEWEST_PROCESSORS = 2;
    private static final long MOST_MEGABYTES = 4096;
    private static final long FEWEST_MEGABYTES = 1536;

    /**
     * An emulated guest has one processor: where QEMU 7.2 emulates two by threads, one may run what another is just patching, and the guest's
     * kernel dies of a stray int3, or Java of SIGILL.
     */
    public GuestMachine {
        processors = accelerator == Accelerator.TCG ? 1 : processors;
    }

    /**
     * As much as guests side by side may have of this machine.
     *
     * @throws KernelsException if there is no QEMU
     */
    public static GuestMachine here(int sideBySide) {
        int processors = Runtime.getRuntime().availableProcessors() / sideBySide;
        long megabytes = Memory.availableMegabytes() / 2 / sideBySide;
        return new GuestMachine(
                Accelerator.best(),
                Requirements.qemu(),
                Math.clamp(processors, FEWEST_PROCESSORS, MOST_PROCESSORS),
                Math.clamp(megabytes, FEWEST_MEGABYTES, MOST_MEGABYTES));
    }

    /** The same, by that accelerator. */
    public GuestMachine with(Accelerator other) {
        return new GuestMachine(other, program, processors, megabytes);
    }

    Qemu qemu() {
        return new Qemu(program, processors, megabytes);
    }
}
