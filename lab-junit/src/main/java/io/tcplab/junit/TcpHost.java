package io.tcplab.junit;

import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.counters.CounterReader;
import io.tcplab.kernel.counters.Counters;
import io.tcplab.kernel.netns.Cidr;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.netns.VethLink;
import io.tcplab.kernel.sockets.SockDiag;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.kernel.sysctl.Sysctls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;

/**
 * One host of a cell. A socket belongs to the host of the thread that makes it, whoever uses it later, and a thread to
 * the host of the thread that starts it.
 *
 * <p>So start servers inside {@link #call}, and give their executors and event-loop groups {@link #threadFactory}. Netty
 * makes its sockets on the event loop, NIO and {@code java.net} on the calling thread. Virtual threads and the common
 * pool belong to no host: don't make sockets on them.
 */
public final class TcpHost implements AutoCloseable {
    private static final String INTERFACE = "eth0";

    private final Role role;
    private final Namespace namespace;
    private final Cidr address;
    private final Cidr address6;
    private final SockDiag sockDiag;
    private final CounterReader counters;
    private final Programs programs;

    TcpHost(Role role, Namespace namespace, String address, String address6) {
        this.role = role;
        this.namespace = namespace;
        this.address = Cidr.parse(address + "/24");
        this.address6 = Cidr.parse(address6 + "/64");
        sockDiag = SockDiag.open(namespace);
        counters = CounterReader.open(namespace);
        programs = new Programs(namespace);
    }

    VethLink.End end() {
        return new VethLink.End(namespace, INTERFACE, List.of(address, address6));
    }

    /** Which of the two it is. */
    public Role role() {
        return role;
    }

    /** Its IPv4 address. */
    public InetAddress address() {
        return address.address();
    }

    /** Its IPv6 address. */
    public InetAddress address6() {
        return address6.address();
    }

    /** What this host's kernel shows of its sockets, now and whenever it is asked again. */
    public TcpSockets sockets() {
        return new HostSockets(role.lowerCase(), namespace, sockDiag);
    }

    /** This host's counters, as {@code nstat -asz} has them. All began at 0 when the cell was made. */
    public Counters counters() {
        return counters.read();
    }

    /** The network namespace itself, for what this class lacks. */
    public Namespace namespace() {
        return namespace;
    }

    /**
     * Runs an action on a thread of this host, and returns what it returned. An interrupt is passed on.
     *
     * @throws Exception what the action threw, as it is
     */
    public <T> T call(Callable<T> action) throws Exception {
        return namespace.<Callable<T>>call(() -> outcome(action)).call();
    }

    /**
     * As {@link #call}, without a result.
     *
     * @throws Exception what the action threw, as it is
     */
    public void run(Action action) throws Exception {
        call(() -> {
            action.run();
            return true;
        });
    }

    /** What {@link #run} runs. */
    @FunctionalInterface
    public interface Action {
        /** Does it. */
        void run() throws Exception;
    }

    /** The exception is carried out of the namespace and thrown outside, so that it needs no wrapping. */
    private static <T> Callable<T> outcome(Callable<T> action) {
        try {
            T result = action.call();
            return () -> result;
        } catch (Exception e) {
            return () -> {
                throw e;
            };
        }
    }

    /** Makes daemon platform threads that belong to this host, for executors and event-loop groups. */
    public ThreadFactory threadFactory() {
        return namespace.threadFactory(role.lowerCase());
    }

    /**
     * Starts a program on this host. It ends, with all processes that it has started, when the cell does, or the JVM.
     *
     * <p>The program is the first of a PID namespace of its own, and the process that is returned stands for it: its
     * streams and exit status are the program's, its pid is that of unshare(1).
     *
     * @throws UncheckedIOException if setpriv, nsenter or unshare of package util-linux are missing
     */
    public Process start(ProcessBuilder builder) {
        try {
            return programs.start(builder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@link #start(ProcessBuilder)}; what the program prints goes nowhere. */
    public Process start(String... command) {
        return start(new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD));
    }

    /**
     * A sysctl's value; several numbers stand with tabs between.
     *
     * @throws KernelException ENOENT if this host does not have it
     */
    public String sysctl(String name) {
        return Sysctls.of(namespace).read(name);
    }

    /**
     * Sets a sysctl of this host and returns what the kernel shows then. The machine's own are never written.
     *
     * @throws IllegalArgumentException if there is no such sysctl, or it takes no such value
     * @throws KernelException what the kernel said
     */
    public String sysctl(String name, String value) {
        return Sysctls.of(namespace).write(name, value);
    }

    @Override
    public void close() {
        try (namespace;
                sockDiag;
                counters) {
            programs.close();
            destroyOrphans();
        }
    }

    /** What still waits for an acknowledgement when its process has closed it would keep the namespace alive for minutes. */
    private void destroyOrphans() {
        sockDiag.destroy(SocketQuery.ofStates(TcpState.FIN_WAIT1, TcpState.CLOSING, TcpState.LAST_ACK));
    }

    @Override
    public String toString() {
        return role.lowerCase() + " (" + address().getHostAddress() + ")";
    }
}
