package io.tcplab.kernels;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * QEMU's command line.
 *
 * @param program QEMU's own
 * @param processors of the guest
 * @param megabytes of its memory
 */
record Qemu(Path program, int processors, long megabytes) {
    /**
     * It dies with the thread that starts it (PR_SET_PDEATHSIG), so that a killed lab leaves no guest. The initramfs comes by standard
     * input, so that its file may be gone by then.
     *
     * @param kernel to boot
     * @param folder that the guest may write to, and where its console goes
     */
    List<String> command(Kernel kernel, Accelerator accelerator, Path folder) {
        List<String> command = new ArrayList<>(Tied.to(program.toString()));
        command.addAll(List.of("-M", "q35"));
        command.addAll(accelerator.options());
        command.addAll(List.of(
                "-smp",
                Integer.toString(processors),
                "-m",
                megabytes + "M",
                "-display",
                "none",
                "-nodefaults",
                "-no-user-config",
                "-no-reboot",
                "-serial",
                "file:" + folder.resolve(JobFiles.CONSOLE),
                "-kernel",
                kernel.image().toString(),
                "-initrd",
                "/dev/stdin",
                "-append",
                "console=ttyS0 quiet loglevel=4 panic=-1 mitigations=off"));
        share(command, "root", Path.of("/"), ",readonly=on,multidevs=remap");
        share(command, "out", folder, "");
        return command;
    }

    private static void share(List<String> command, String tag, Path folder, String more) {
        command.addAll(List.of(
                "-fsdev",
                "local,id=%s,path=%s,security_model=none%s"
                        .formatted(tag, folder.toString().replace(",", ",,"), more),
                "-device",
                "virtio-9p-pci,fsdev=%1$s,mount_tag=%1$s".formatted(tag)));
    }
}
