package io.tcplab.kernels;

import java.util.Map;
import java.util.stream.Collectors;

/** The script that a guest runs once it is in the machine's files; its output goes to the folder that the host sees. */
final class StartScript {
    /** Where the host's folder for results is in the guest. It is made in the RAM disk, so that no path of the machine is hidden. */
    static final String OUT = "/.tcp-lab/out";

    private StartScript() {}

    static String of(GuestJob job, Kernel kernel) {
        String environment = job.environment().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> "export " + entry.getKey() + "=" + quoted(entry.getValue()) + "\n")
                .collect(Collectors.joining());
        String modules = kernel.modules()
                .map(folder -> "$bb mkdir -p /lib/modules/%1$s && $bb mount -o bind %2$s /lib/modules/%1$s\n"
                        .formatted(quoted(kernel.release()), quoted(folder.toString())))
                .orElse("");
        String command = job.command().stream().map(StartScript::quoted).collect(Collectors.joining(" "));
        return """
                bb=/.tcp-lab/busybox
                out=%s
                %s%scd %s 2>/dev/null || cd /
                ulimit -Hn %d
                ulimit -Sn %d
                : >$out/%s
                %s </dev/null >$out/%s 2>>$out/%s
                echo $? >$out/.code
                $bb dmesg >$out/kernel.log
                $bb mv $out/.code $out/%s
                $bb sync
                $bb reboot -f
                """.formatted(
                        OUT,
                        modules,
                        environment,
                        quoted(job.directory().toString()),
                        job.openFiles(),
                        job.openFiles(),
                        JobFiles.MESSAGES,
                        command,
                        JobFiles.OUTPUT,
                        JobFiles.MESSAGES,
                        JobFiles.CODE);
    }

    /** As a shell takes it for one word. */
    static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
