package io.tcplab.kernel.limits;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.ffm.ProcFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether an ordinary user may make a user namespace, which is how the lab does without root, and what stands in the
 * way.
 *
 * <p>A JVM can't enter one by itself: unshare(CLONE_NEWUSER) refuses a process of several threads. So unshare(1) does
 * it, here too.
 */
public final class UserNamespaces {
    private static final List<String> TRIAL = List.of("unshare", "--user", "--map-root-user", "--net", "true");
    /** How a user namespace that covers all ids shows: the initial one, or one that is as good. */
    private static final String ALL_IDS = "0 0 4294967295";

    private UserNamespaces() {}

    /**
     * Whether this process is in a user namespace other than the initial one; there, tracing the kernel is denied even
     * to root.
     */
    public static boolean inside() {
        return !ProcFile.read("/proc/self/uid_map")
                .strip()
                .replaceAll("\\s+", " ")
                .equals(ALL_IDS);
    }

    /**
     * Tries it, in a process of its own, and if that fails tells why. An empty list means that it works for the user
     * who asks.
     */
    public static List<Obstacle> obstacles() {
        return failure().map(error -> causes(Path.of("/proc"), error)).orElse(List.of());
    }

    /**
     * What is known to forbid it and is found on this machine; if nothing is, unshare's own words.
     *
     * @param error what unshare(1) said
     */
    static List<Obstacle> causes(Path proc, String error) {
        List<Obstacle> found = new ArrayList<>();
        if (!Files.exists(proc.resolve("self/ns/user"))) {
            found.add(new Obstacle("this kernel has no user namespaces (CONFIG_USER_NS)", "run as root"));
        }
        forbidden(proc, "kernel/unprivileged_userns_clone", "0", "sudo sysctl -w kernel.unprivileged_userns_clone=1")
                .ifPresent(found::add);
        forbidden(proc, "user/max_user_namespaces", "0", "sudo sysctl -w user.max_user_namespaces=10000")
                .ifPresent(found::add);
        forbidden(proc, "user/max_net_namespaces", "0", "sudo sysctl -w user.max_net_namespaces=10000")
                .ifPresent(found::add);
        forbidden(
                        proc,
                        "kernel/apparmor_restrict_unprivileged_userns",
                        "1",
                        "run as root, or sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0")
                .ifPresent(found::add);
        seccomp(proc).ifPresent(found::add);
        if (found.isEmpty()) {
            found.add(new Obstacle("can't create a user namespace (" + error + ")", "run as root"));
        }
        return List.copyOf(found);
    }

    private static Optional<Obstacle> forbidden(Path proc, String file, String value, String remedy) {
        return read(proc.resolve("sys").resolve(file))
                .filter(found -> found.strip().equals(value))
                .map(found -> new Obstacle(file.replace('/', '.') + " is " + value, remedy));
    }

    private static Optional<Obstacle> seccomp(Path proc) {
        return read(proc.resolve("self/status"))
                .filter(status -> ProcFile.field(status, "Seccomp").equals("2"))
                .map(status -> new Obstacle(
                        "this process has a seccomp filter, as in a container, which may reject unshare(2)",
                        "run outside the container, or start it with --cap-add SYS_ADMIN or"
                                + " --security-opt seccomp=unconfined"));
    }

    /** Empty if there is no such file: most of the switches exist in some distributions' kernels only. */
    private static Optional<String> read(Path file) {
        try {
            return Optional.of(ProcFile.read(file.toString()));
        } catch (KernelException e) {
            if (e.errno() == Errno.ENOENT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static Optional<String> failure() {
        try {
            Process process =
                    new ProcessBuilder(TRIAL).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor() == 0 ? Optional.empty() : Optional.of(output);
        } catch (IOException e) {
            return Optional.of("unshare of package util-linux can't be started: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }
}
