package io.tcplab.diagnose.sample;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.processes.ProcessStat;
import io.tcplab.kernel.processes.Processes;
import io.tcplab.kernel.processes.TaskState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A target that has been found.
 *
 * @param label what messages call it, with what was learnt in finding it: "process 4711 (nginx)"
 * @param namespace where its sockets are
 * @param owned whether the namespace is to be closed with it
 * @param scope which of them
 */
public record Subject(String label, Namespace namespace, boolean owned, Scope scope) implements AutoCloseable {
    private static final List<String> NETNS_FOLDERS = List.of("/run/netns", "/var/run/docker/netns");

    /**
     * Finds it.
     *
     * @throws TargetException if there is no such thing, or this user may not look; the message tells what helps
     */
    public static Subject of(Target target) {
        return switch (target) {
            case Target.OfProcess process -> process(process.pid());
            case Target.OnPort on ->
                new Subject(target.label(), Namespace.current(), false, new Scope.OnPort(on.port()));
            case Target.OfContainer container -> container(container.name());
            case Target.InNamespace named -> named(named.nameOrFile());
            case Target.Inside inside -> new Subject(target.label(), inside.namespace(), false, new Scope.Everything());
            case Target.PortInside inside ->
                new Subject(target.label(), inside.namespace(), false, new Scope.OnPort(inside.port()));
        };
    }

    /** Whether a process that is the target has ended. */
    public boolean hasEnded() {
        return scope instanceof Scope.OfProcess process
                && Processes.stat(process.pid())
                        .filter(stat -> stat.state() != TaskState.ZOMBIE)
                        .isEmpty();
    }

    @Override
    public void close() {
        if (owned) {
            namespace.close();
        }
    }

    /** A thread's number, as top -H shows it, stands for its process. */
    private static Subject process(int pidOrThread) {
        int pid = Processes.ofThread(pidOrThread).orElse(pidOrThread);
        ProcessStat stat = Processes.stat(pid)
                .filter(found -> found.state() != TaskState.ZOMBIE)
                .orElseThrow(() -> noProcess(pid));
        String label = "process " + pid + " (" + stat.name() + ")"
                + (pid == pidOrThread ? "" : ", of whose threads " + pidOrThread + " is one");
        return in("/proc/" + pid + "/ns/net", label, new Scope.OfProcess(pid));
    }

    private static Subject container(String name) {
        DockerEngine.Container container = DockerEngine.find(name);
        String label = "container " + container.name();
        return in("/proc/" + container.pid() + "/ns/net", label, new Scope.Everything());
    }

    private static Subject named(String nameOrFile) {
        if (nameOrFile.equals("self")) {
            return new Subject("this network namespace", Namespace.current(), false, new Scope.Everything());
        }
        String label = "network namespace " + nameOrFile;
        if (nameOrFile.contains("/")) {
            return in(nameOrFile, label, new Scope.Everything());
        }
        return NETNS_FOLDERS.stream()
                .map(folder -> Path.of(folder, nameOrFile))
                .filter(Files::exists)
                .findFirst()
                .map(file -> in(file.toString(), label, new Scope.Everything()))
                .orElseThrow(() -> new TargetException(
                        TargetException.Reason.ABSENT,
                        "no network namespace is named " + nameOrFile + Nearby.namespaces(nameOrFile)));
    }

    private static Subject in(String file, String label, Scope scope) {
        Namespace namespace = open(file, label, scope);
        if (namespace.inode() == Namespace.current().inode()) {
            namespace.close();
            return new Subject(label, Namespace.current(), false, scope);
        }
        try {
            namespace.run(() -> {});
            return new Subject(label, namespace, true, scope);
        } catch (KernelException e) {
            namespace.close();
            throw denied(label, scope, e);
        }
    }

    private static Namespace open(String file, String label, Scope scope) {
        try {
            return Namespace.open(file, label);
        } catch (KernelException e) {
            throw switch (e.errno()) {
                case ENOENT, ESRCH -> absent(file, label, scope);
                case EACCES, EPERM -> denied(label, scope, e);
                default -> e;
            };
        }
    }

    /** A process may have ended since it was found. */
    private static TargetException absent(String file, String label, Scope scope) {
        return scope instanceof Scope.OfProcess process
                ? noProcess(process.pid())
                : new TargetException(TargetException.Reason.ABSENT, "there is no " + label + ": no file " + file);
    }

    private static TargetException noProcess(int pid) {
        return new TargetException(TargetException.Reason.ABSENT, "no process has the pid " + pid + Nearby.listening());
    }

    private static TargetException denied(String label, Scope scope, KernelException e) {
        if (e.errno() == Errno.EINVAL) {
            return new TargetException(
                    TargetException.Reason.ABSENT,
                    label + " isn't one: give a name from `ip netns`, or a file such as /proc/4711/ns/net");
        }
        String kernel = " (" + e.operation() + ": " + e.errno() + ")";
        return new TargetException(
                TargetException.Reason.DENIED,
                scope instanceof Scope.OfProcess
                        ? label + " belongs to another user, so its sockets aren't visible" + kernel
                                + ": run as root, or give its port: --port"
                        : label + " can't be entered by this user" + kernel + ": run as root: sudo lab ...");
    }
}
