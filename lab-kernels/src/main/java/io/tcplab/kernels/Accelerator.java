package io.tcplab.kernels;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How QEMU runs a guest's instructions. */
public enum Accelerator {
    /** By the processor itself. */
    KVM("KVM", "kvm", "host"),
    /** By translating them: ten times slower, and everywhere. */
    TCG("emulated", "tcg", "max");

    private static final Path DEVICE = Path.of("/dev/kvm");

    private final String label;
    private final String accelerator;
    private final String processor;

    Accelerator(String label, String accelerator, String processor) {
        this.label = label;
        this.accelerator = accelerator;
        this.processor = processor;
    }

    /** In a word, for reports. */
    public String label() {
        return label;
    }

    List<String> options() {
        return List.of("-accel", accelerator, "-cpu", processor);
    }

    /** The best that this user may try. Whether KVM works, in a machine that is virtual itself, only a guest can tell. */
    public static Accelerator best() {
        return Files.isReadable(DEVICE) && Files.isWritable(DEVICE) ? KVM : TCG;
    }
}
