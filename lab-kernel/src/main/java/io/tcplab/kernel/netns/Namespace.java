package io.tcplab.kernel.netns;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.Waits;
import io.tcplab.kernel.ffm.Libc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A network namespace: interfaces, addresses, sockets, counters and sysctls of its own.
 *
 * <p>It has no name in the file system and no process of its own. What keeps it alive is this object's file descriptor,
 * the threads inside, and the sockets they made; so it is gone when the JVM is, however the JVM ends.
 *
 * <p>A namespace belongs to a thread, not to the process (network_namespaces(7)): what is done on a thread of {@link
 * #threadFactory} or in {@link #call} happens inside. A socket lives where it was made, whoever uses it later. Threads
 * and processes inherit the namespace of the thread that starts them.
 */
public final class Namespace implements AutoCloseable {
    private static final String UNSHARE_REMEDY =
            "run as root, or through lab, which enters a user namespace (unshare --user --map-root-user --net)";
    private static final String FILES_REMEDY = "close files or raise the limit (ulimit -n)";

    /** Whether the thread is one of {@link #visiting}, and in the middle of no visit. */
    private static final ThreadLocal<Boolean> FREE = ThreadLocal.withInitial(() -> false);

    private final String label;
    private final int fd;
    private final long inode;
    private final boolean owned;
    private boolean closed;

    /** Opened once and kept for the life of the process, as the namespace itself is. */
    private static final class Start {
        static final Namespace NAMESPACE = new Namespace("start", open("/proc/self/ns/net"), false);
    }

    private Namespace(String label, int fd, boolean owned) {
        this.label = label;
        this.fd = fd;
        this.inode = inodeOf(Path.of("/proc/self/fd", Integer.toString(fd)));
        this.owned = owned;
    }

    /**
     * Makes an empty namespace; its only interface, lo, is up.
     *
     * @param label what messages and thread names call it
     * @throws KernelException EPERM without CAP_SYS_ADMIN; ENOSPC at {@code user.max_net_namespaces}; EMFILE
     */
    public static Namespace create(String label) {
        return elsewhere("netns-" + label, () -> unshared(label));
    }

    /**
     * As {@link #create}, and the kernel keeps its connections in a table of their own, if it can (since Linux 6.1): then listing
     * them doesn't depend on how many connections the machine has room for. For up to some hundred thousand sockets.
     *
     * @throws KernelException as {@link #create}
     */
    public static Namespace createWithOwnTable(String label) {
        OwnTable table = OwnTable.get();
        return elsewhere("netns-" + label, () -> {
            table.nursery().enter();
            Namespace namespace = unshared(label);
            try {
                table.restore();
                return namespace;
            } catch (RuntimeException e) {
                namespace.close();
                throw e;
            }
        });
    }

    /** Moves the calling thread into a namespace of its own. */
    private static Namespace unshared(String label) {
        Libc.unshare(Libc.CLONE_NEWNET).orThrow("create network namespace " + label, Namespace::unshareRemedy);
        try (Rtnetlink rtnetlink = Rtnetlink.open(label)) {
            rtnetlink.up("lo");
        }
        return new Namespace(label, open("/proc/thread-self/ns/net"), true);
    }

    /**
     * The namespace in which this process was started. Closing it does nothing.
     *
     * <p>It is that of the process's first thread, which runs no Java code and so never moves.
     */
    public static Namespace current() {
        return Start.NAMESPACE;
    }

    /**
     * Opens a namespace by a file that stands for it: {@code /proc/PID/ns/net}, {@code /run/netns/NAME}. To enter it
     * needs CAP_SYS_ADMIN, there and here; the one in which this process was started can be used without.
     *
     * @param label what messages and thread names call it
     * @throws KernelException ENOENT if there is none; EACCES without the right to look at that process
     */
    public static Namespace open(String path, String label) {
        return new Namespace(label, open(path), true);
    }

    /**
     * Runs an action on a platform thread inside and returns its result. May be called from any thread, virtual ones
     * too.
     *
     * <p>If the caller is interrupted, so is the action, and this still waits for the action to end; the caller's
     * interrupt status stays set. Whatever the action returned or threw counts.
     *
     * @throws RuntimeException what the action threw, as it is
     * @throws UncheckedIOException if the action threw an IOException
     * @throws CancellationException if the action threw an InterruptedException
     * @throws CompletionException around any other checked exception of the action
     * @throws IllegalStateException if the namespace is closed
     */
    public <T> T call(Callable<T> action) {
        return elsewhere("netns-" + label + "-call", () -> {
            enter();
            return action.call();
        });
    }

    /**
     * Runs an action on a platform thread that goes into a namespace itself where {@link #call} and {@link #create} would start
     * another thread for it. For many visits in a row: on a busy machine each start of a thread waits for a processor.
     *
     * <p>Between two visits the thread is in any namespace. Otherwise as {@link #call}.
     */
    public static <T> T visiting(Callable<T> action) {
        return onNewThread("netns-visits", () -> {
            FREE.set(true);
            return action.call();
        });
    }

    /** As {@link #call}, without a result. */
    public void run(Runnable action) {
        call(() -> {
            action.run();
            return true;
        });
    }

    /**
     * Moves the calling thread into this namespace, for good.
     *
     * @throws WrongThreadException on a virtual thread
     * @throws IllegalStateException if the namespace is closed
     */
    public void enter() {
        if (!enterIfOpen()) {
            throw new IllegalStateException("namespace " + label + " is closed");
        }
    }

    /** Under the lock: a descriptor closed meanwhile may already be another namespace's. */
    synchronized boolean enterIfOpen() {
        // Where the thread is already, there is no need to ask: setns wants CAP_SYS_ADMIN even then.
        if (!closed && inodeOf(Path.of("/proc/thread-self/ns/net")) != inode) {
            Libc.setns(fd, Libc.CLONE_NEWNET).orThrow("enter network namespace " + label, UNSHARE_REMEDY);
        }
        return !closed;
    }

    /**
     * Makes daemon platform threads, named {@code prefix-0}, {@code prefix-1}, …, that are inside this namespace once {@code start()} has
     * returned, which throws the {@link KernelException} of one that can't be. One that is started after {@link #close} ends at once: what
     * it was made for is being closed, too.
     */
    public ThreadFactory threadFactory(String prefix) {
        AtomicLong next = new AtomicLong();
        return task -> new InsideThread(this, prefix + "-" + next.getAndIncrement(), task);
    }

    /** The number in {@code net:[4026531840]}, by which /proc tells namespaces apart. */
    public long inode() {
        return inode;
    }

    /**
     * The descriptor that refers to this namespace, as IFLA_NET_NS_FD and setns take it. Valid until {@link #close}.
     */
    public int fd() {
        return fd;
    }

    /** What messages and thread names call it. */
    public String label() {
        return label;
    }

    /**
     * Lets go of the namespace. The kernel destroys it when no thread and no socket is left inside. May be called
     * again.
     *
     * <p>A connection that no process owns any longer but that still retransmits is such a socket, for minutes
     * (tcp_orphan_retries); {@link io.tcplab.kernel.sockets.SockDiag#destroy} ends it. TIME_WAIT holds nothing.
     */
    @Override
    public synchronized void close() {
        if (owned && !closed) {
            closed = true;
            Libc.close(fd).orThrow("close network namespace " + label, "");
        }
    }

    @Override
    public String toString() {
        return label + " (net:[" + inode + "])";
    }

    private static int open(String path) {
        return Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC).intOrThrow("open " + path, FILES_REMEDY);
    }

    /** By stat, not by the link's text: where the namespace is mounted, as ip-netns(8) does it, that is the path. */
    private static long inodeOf(Path file) {
        try {
            return (Long) Files.getAttribute(file, "unix:ino");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T elsewhere(String name, Callable<T> action) {
        if (!FREE.get()) {
            return onNewThread(name, action);
        }
        FREE.set(false); // what the action calls must not move the thread under it
        try {
            FutureTask<T> visit = new FutureTask<>(action);
            visit.run();
            return result(visit, () -> {});
        } finally {
            FREE.set(true);
        }
    }

    private static <T> T onNewThread(String name, Callable<T> action) {
        FutureTask<T> task = new FutureTask<>(action);
        Thread thread = Thread.ofPlatform().daemon().name(name).start(task);
        return result(task, thread::interrupt);
    }

    private static <T> T result(FutureTask<T> task, Runnable interrupted) {
        try {
            return Waits.uninterruptibly(task::get, interrupted);
        } catch (ExecutionException e) {
            throw unwrapped(e);
        }
    }

    private static RuntimeException unwrapped(ExecutionException failure) {
        return switch (failure.getCause()) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            case IOException e -> new UncheckedIOException(e);
            case InterruptedException e -> {
                CancellationException cancelled = new CancellationException("interrupted inside a namespace");
                cancelled.initCause(e);
                yield cancelled;
            }
            case Throwable e -> new CompletionException(e);
            case null -> new CompletionException(failure);
        };
    }

    private static String unshareRemedy(Errno errno) {
        return switch (errno) {
            case EPERM -> UNSHARE_REMEDY;
            case ENOSPC -> "raise the sysctl user.max_net_namespaces";
            case EMFILE, ENFILE -> FILES_REMEDY;
            default -> "";
        };
    }
}
