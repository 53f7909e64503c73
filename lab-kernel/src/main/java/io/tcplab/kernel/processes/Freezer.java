package io.tcplab.kernel.processes;

import java.util.List;
import java.util.Optional;

/**
 * Whether the process's cgroup is frozen, as {@code docker pause}, {@code podman pause} and {@code systemctl freeze} do it. A
 * frozen thread is neither stopped nor traced: its state says S (cgroup v2: do_freezer_trap() in kernel/signal.c) or D (v1:
 * __refrigerator() in kernel/freezer.c), and its system call is the one it was in.
 *
 * <p>Any user may read it: {@code /proc/PID/cgroup} and the cgroup's files are 0444 and 0644. It is {@link #UNKNOWN} where no
 * hierarchy that can freeze is mounted, as in many containers, or where the process's cgroup lies outside of what is.
 */
public enum Freezer {
    /** All of its threads. */
    FROZEN,
    /** It is being frozen; some of its threads may still run. */
    FREEZING,
    THAWED,
    UNKNOWN;

    private static final String OWN = "/proc/self/";

    // Fields of a line of mountinfo, proc_pid_mountinfo(5); behind the dash: the type, the source, the type's own
    // options.
    private static final int MOUNTED_ROOT = 3;
    private static final int MOUNT_POINT = 4;
    private static final String DASH = " - ";

    /** Looks at the process's cgroups; those above need no look, since each cgroup's file counts them in. */
    static Freezer of(int pid) {
        Optional<String> cgroups = Processes.text("/proc/" + pid + "/cgroup");
        Optional<String> mounts = Processes.text(OWN + "mountinfo");
        if (cgroups.isEmpty() || mounts.isEmpty()) {
            return UNKNOWN;
        }
        List<Freezer> answers = cgroups.get()
                .lines()
                .flatMap(line -> answer(line, mounts.get()).stream())
                .toList();
        // A process is in one cgroup of each hierarchy, and it takes one that is frozen.
        return List.of(FROZEN, FREEZING, THAWED).stream()
                .filter(answers::contains)
                .findFirst()
                .orElse(UNKNOWN);
    }

    /** A line of /proc/PID/cgroup is a number, controllers and a path; no controllers: that is v2 (cgroups(7)). */
    private static Optional<Freezer> answer(String line, String mounts) {
        String[] fields = line.split(":", 3);
        if (fields.length < 3) {
            return Optional.empty();
        }
        if (fields[1].isEmpty()) {
            return directory(mounts, "cgroup2", "", fields[2]).flatMap(Freezer::v2);
        }
        return List.of(fields[1].split(",", -1)).contains("freezer")
                ? directory(mounts, "cgroup", "freezer", fields[2]).flatMap(Freezer::v1)
                : Optional.empty();
    }

    /** Where the hierarchy's cgroup of this path is mounted; empty if it isn't. */
    static Optional<String> directory(String mounts, String type, String option, String cgroup) {
        return mounts.lines()
                .filter(mount -> isOf(mount, type, option))
                .flatMap(mount -> inside(mount.split(" ", -1), cgroup).stream())
                .findFirst();
    }

    private static boolean isOf(String mount, String type, String option) {
        int dash = mount.indexOf(DASH);
        if (dash < 0) {
            return false;
        }
        String[] fields = mount.substring(dash + DASH.length()).split(" ", -1);
        return fields[0].equals(type)
                && (option.isEmpty()
                        || List.of(fields[fields.length - 1].split(",", -1)).contains(option));
    }

    private static Optional<String> inside(String[] mount, String cgroup) {
        String root = mount[MOUNTED_ROOT].equals("/") ? "" : mount[MOUNTED_ROOT];
        // "/.." is outside of this process's cgroup namespace.
        boolean inside = !cgroup.startsWith("/..") && (cgroup.equals(root) || cgroup.startsWith(root + "/"));
        return inside ? Optional.of(mount[MOUNT_POINT] + cgroup.substring(root.length())) : Optional.empty();
    }

    /**
     * cgroup_events_show() in kernel/cgroup/cgroup.c: frozen is 1 also if a cgroup above was frozen. Neither file is in the root,
     * which can't be frozen.
     */
    private static Optional<Freezer> v2(String directory) {
        Optional<String> events = Processes.text(directory + "/cgroup.events");
        if (events.isEmpty()) {
            return Processes.text(directory + "/cgroup.procs").map(root -> THAWED);
        }
        List<String> lines = events.get().lines().toList();
        if (lines.contains("frozen 1")) {
            return Optional.of(FROZEN);
        }
        // Kernels before 5.2 have no such line, and can't freeze.
        return Optional.of(
                Processes.text(directory + "/cgroup.freeze")
                                .filter(text -> text.strip().equals("1"))
                                .isPresent()
                        ? FREEZING
                        : THAWED);
    }

    /** freezer_read() in kernel/cgroup/legacy_freezer.c: the state counts cgroups above in. The root has no such file. */
    private static Optional<Freezer> v1(String directory) {
        Optional<String> state = Processes.text(directory + "/freezer.state");
        if (state.isEmpty()) {
            return Processes.text(directory + "/cgroup.procs").map(root -> THAWED);
        }
        return switch (state.get().strip()) {
            case "FROZEN" -> Optional.of(FROZEN);
            case "FREEZING" -> Optional.of(FREEZING);
            case "THAWED" -> Optional.of(THAWED);
            default -> Optional.empty();
        };
    }
}
