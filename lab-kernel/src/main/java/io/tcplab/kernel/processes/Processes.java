package io.tcplab.kernel.processes;

import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.ffm.ProcFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The processes that this /proc shows. All may end while they are looked at; what has ended is empty. */
public final class Processes {
    private static final Path PROC = Path.of("/proc");

    private Processes() {}

    /** The pids, as this pid namespace numbers them. */
    public static List<Integer> pids() {
        return numbers(PROC);
    }

    /** A process's first members of stat; empty if there is no such process. */
    public static Optional<ProcessStat> stat(int pid) {
        return text("/proc/" + pid + "/stat").map(ProcessStat::parse);
    }

    /** The calling thread's; empty where /proc is that of another pid namespace. */
    public static Optional<ProcessStat> thisThread() {
        return text("/proc/thread-self/stat").map(ProcessStat::parse);
    }

    /**
     * The process that a thread is of; a process's pid is its first thread's. /proc/TID is there for each thread, though no listing of
     * /proc has it (next_tgid() in fs/proc/base.c), so that a thread's number passes for a pid, and has no descriptors in {@link
     * SocketHolders}. Empty if there is no such thread.
     */
    public static OptionalInt ofThread(int tid) {
        return text("/proc/" + tid + "/status")
                .map(status -> OptionalInt.of(Integer.parseInt(ProcFile.field(status, "Tgid"))))
                .orElseGet(OptionalInt::empty);
    }

    /** What a process was started as, its arguments parted by blanks; empty for the kernel's own threads. */
    public static Optional<String> commandLine(int pid) {
        return text("/proc/" + pid + "/cmdline")
                .map(text -> text.replace('\0', ' ').strip())
                .filter(text -> !text.isEmpty());
    }

    /** The program's file; empty if it has ended or belongs to another user. */
    public static Optional<String> program(int pid) {
        return link("/proc/" + pid + "/exe");
    }

    /** The inode of its network namespace; empty if it has ended or belongs to another user. */
    public static OptionalLong networkNamespace(int pid) {
        return link("/proc/" + pid + "/ns/net")
                .map(link -> OptionalLong.of(Long.parseLong(link, "net:[".length(), link.length() - 1, 10)))
                .orElseGet(OptionalLong::empty);
    }

    /** A process's threads, and in which call each waits. */
    public static List<ThreadCall> threads(int pid) {
        List<ThreadCall> threads = new ArrayList<>();
        for (int tid : numbers(PROC.resolve(pid + "/task"))) {
            String task = "/proc/" + pid + "/task/" + tid;
            text(task + "/stat")
                    .map(ProcessStat::parse)
                    .map(stat -> text(task + "/syscall")
                            .map(call -> ThreadCall.of(stat, call))
                            .orElseGet(() -> ThreadCall.unknown(stat, text(task + "/wchan"))))
                    .ifPresent(threads::add);
        }
        return threads;
    }

    /**
     * The pid of who traces the process, a debugger or strace, which needn't hold it. Any user may see. Empty if nobody does, or
     * somebody outside of this pid namespace (task_state() in fs/proc/array.c), or if the process has ended.
     */
    public static OptionalInt tracer(int pid) {
        return text("/proc/" + pid + "/status")
                .map(status -> OptionalInt.of(Integer.parseInt(ProcFile.field(status, "TracerPid"))))
                .filter(tracer -> tracer.getAsInt() != 0)
                .orElseGet(OptionalInt::empty);
    }

    private static List<Integer> numbers(Path directory) {
        List<Integer> numbers = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "[0-9]*")) {
            entries.forEach(
                    entry -> numbers.add(Integer.parseInt(entry.getFileName().toString())));
        } catch (NoSuchFileException | NotDirectoryException | DirectoryIteratorException gone) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("can't list " + directory, e);
        }
        return numbers;
    }

    /** A file of a process or a cgroup; empty if it isn't there, or this user may not read it. */
    static Optional<String> text(String path) {
        try {
            return Optional.of(ProcFile.read(path));
        } catch (KernelException e) {
            return switch (e.errno()) {
                case ENOENT, ESRCH, EACCES, EPERM, ENODEV -> Optional.empty();
                default -> throw e;
            };
        }
    }

    private static Optional<String> link(String path) {
        try {
            return Optional.of(Files.readSymbolicLink(Path.of(path)).toString());
        } catch (IOException goneOrDenied) {
            return Optional.empty();
        }
    }
}
