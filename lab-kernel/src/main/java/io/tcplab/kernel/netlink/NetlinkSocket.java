package io.tcplab.kernel.netlink;

import static io.tcplab.kernel.netlink.NetlinkRequest.NLMSG_HDRLEN;
import static io.tcplab.kernel.netlink.NetlinkRequest.NLM_F_ACK;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.MalformedException;
import io.tcplab.kernel.Release;
import io.tcplab.kernel.ffm.Libc;
import io.tcplab.kernel.ffm.SysResult;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A netlink socket: asks the kernel, in the namespace of the thread that opened it.
 *
 * <p>Any thread may use it afterwards, wherever that thread is; one request is under way at a time, others wait. Its
 * buffers are reused, so a census allocates nothing here.
 */
public final class NetlinkSocket implements AutoCloseable {
    // include/uapi/linux/netlink.h
    public static final int NETLINK_ROUTE = 0;
    public static final int NETLINK_SOCK_DIAG = 4;
    private static final int NETLINK_ADD_MEMBERSHIP = 1;
    private static final int NETLINK_CAP_ACK = 10;
    private static final int NETLINK_EXT_ACK = 11;
    private static final int NLMSG_ERROR = 2;
    private static final int NLM_F_ACK_TLVS = 0x200;

    /** Acknowledgements wait in the receive buffer until the batch is through, so a batch must stay small beside it. */
    private static final int BATCH = 64;

    /** Twice what the kernel puts into one datagram at most (32 KiB, netlink_recvmsg() in net/netlink/af_netlink.c). */
    private static final int DATAGRAM_BYTES = 64 * 1024;

    private static final int RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

    /** The kernel answers while we wait; only a lost answer takes this long, and must not hang the caller for ever. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

    private final int fd;
    private final ByteBuffer outgoing = Libc.buffer(DATAGRAM_BYTES);
    private final ByteBuffer incoming = Libc.buffer(DATAGRAM_BYTES);
    private int sequence;
    private boolean closed;

    private NetlinkSocket(int fd) {
        this.fd = fd;
    }

    /** Takes the messages of an answer. The payload is only valid during the call. */
    @FunctionalInterface
    public interface Handler {
        void message(int type, ByteBuffer payload);
    }

    /**
     * Opens a socket in the calling thread's namespace.
     *
     * @param protocol for example {@link #NETLINK_ROUTE}
     * @throws KernelException EPROTONOSUPPORT if the kernel lacks the protocol; EMFILE
     */
    public static NetlinkSocket open(int protocol) {
        int fd = Libc.socket(Libc.AF_NETLINK, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, protocol)
                .intOrThrow("open a netlink socket, protocol " + protocol, NetlinkSocket::openRemedy);
        NetlinkSocket socket = new NetlinkSocket(fd);
        try {
            socket.configure();
            return socket;
        } catch (RuntimeException e) {
            throw Release.after(e, socket);
        }
    }

    /**
     * Has requests done in their order, many to a datagram; a failing one does not stop those behind it.
     *
     * @param answers takes what the kernel sends besides acknowledgements
     * @return an acknowledgement for each request
     */
    public synchronized List<NetlinkAck> execute(List<NetlinkRequest> requests, Handler answers) {
        List<NetlinkAck> acks = new ArrayList<>(requests.size());
        for (int from = 0; from < requests.size(); from += BATCH) {
            acks.addAll(executeBatch(requests.subList(from, Math.min(from + BATCH, requests.size())), answers));
        }
        return acks;
    }

    /** As {@link #execute(List, Handler)}, for one request that only wants an acknowledgement. */
    public NetlinkAck execute(NetlinkRequest request) {
        return execute(List.of(request), (type, payload) -> {}).getFirst();
    }

    /**
     * Lists something. A handler's exception is thrown when the whole answer has been read.
     *
     * @param request with NLM_F_DUMP
     * @return whether the answer is whole: false if the kernel said that its table changed on the way (NLM_F_DUMP_INTR)
     *     or dropped a part of the answer (ENOBUFS)
     */
    public synchronized boolean dump(NetlinkRequest request, String operation, Handler rows) {
        Dump dump = new Dump(send(List.of(request), 0), rows);
        NetlinkAck end;
        while ((end = dump.end()) == null) {
            try {
                if (receive(operation)) {
                    forEachMessage(dump::message);
                } else {
                    dump.lostDatagram();
                }
            } catch (RuntimeException e) {
                dump.brokenOff(e);
            }
        }
        RuntimeException failure = dump.failure();
        if (failure != null) {
            throw failure;
        }
        end.orThrow(operation, NetlinkSocket::dumpRemedy);
        return dump.consistent();
    }

    /**
     * Subscribes to changes.
     *
     * @param group a multicast group, for example RTNLGRP_LINK
     */
    public void subscribe(int group) {
        option(Libc.SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group).orThrow("subscribe to netlink group " + group, "");
    }

    /**
     * Waits for a notification and throws its content away: it says that looking again is worth while.
     *
     * @return false if the time ran out
     */
    public synchronized boolean awaitNotification(Duration atMost) {
        int millis = Math.clamp(atMost.toMillis(), 0, Integer.MAX_VALUE);
        SysResult events = Libc.poll(openFd(), Libc.POLLIN, millis);
        // Never restarted after a signal (signal(7)); whoever waits looks again anyway.
        if (events.failedWith(Errno.EINTR) || events.orThrow("wait for a netlink notification", "") == 0) {
            return false;
        }
        // False is ENOBUFS: notifications were lost, which is as good a reason to look again.
        receive("read a netlink notification");
        return true;
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            Libc.close(fd).orThrow("close a netlink socket", "");
        }
    }

    private void configure() {
        // A bound socket has an address of its own; an unbound one gets no notifications.
        ByteBuffer anyAddress = Libc.buffer(12).putShort(0, (short) Libc.AF_NETLINK);
        Libc.bind(fd, anyAddress).orThrow("bind a netlink socket", "");
        option(Libc.SOL_NETLINK, NETLINK_CAP_ACK, 1).orThrow("set NETLINK_CAP_ACK", "needs Linux 4.3 or later");
        option(Libc.SOL_NETLINK, NETLINK_EXT_ACK, 1).orThrow("set NETLINK_EXT_ACK", "needs Linux 4.12 or later");
        if (option(Libc.SOL_SOCKET, Libc.SO_RCVBUFFORCE, RECEIVE_BUFFER_BYTES).failed()) {
            // Without CAP_NET_ADMIN the kernel caps the size at net.core.rmem_max, which will do for dumps: they wait
            // for the reader.
            option(Libc.SOL_SOCKET, Libc.SO_RCVBUF, RECEIVE_BUFFER_BYTES).orThrow("set SO_RCVBUF", "");
        }
        ByteBuffer timeval = Libc.buffer(2 * Long.BYTES).putLong(0, ANSWER_TIMEOUT.toSeconds());
        Libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_RCVTIMEO, timeval).orThrow("set SO_RCVTIMEO", "");
    }

    private SysResult option(int level, int name, int value) {
        return Libc.setsockopt(fd, level, name, Libc.buffer(Integer.BYTES).putInt(0, value));
    }

    private List<NetlinkAck> executeBatch(List<NetlinkRequest> requests, Handler answers) {
        int first = send(requests, NLM_F_ACK);
        List<NetlinkAck> acks = new ArrayList<>(requests.size());
        while (acks.size() < requests.size()) {
            if (!receive("await a netlink acknowledgement")) {
                throw new KernelException("await a netlink acknowledgement", Errno.ENOBUFS, "");
            }
            forEachMessage((type, flags, seq, payload) -> {
                // Acknowledgements come in the requests' order, and nothing else of an older sequence counts.
                if (seq - first < 0) {
                    return;
                }
                if (type == NLMSG_ERROR) {
                    acks.add(NetlinkAck.decode(payload, NLMSG_HDRLEN, (flags & NLM_F_ACK_TLVS) != 0));
                } else {
                    answers.message(type, payload);
                }
            });
        }
        return acks;
    }

    /** Sends requests in one datagram; returns the sequence number of the first. */
    private int send(List<NetlinkRequest> requests, int extraFlags) {
        int first = sequence + 1;
        outgoing.clear();
        for (NetlinkRequest request : requests) {
            request.writeTo(outgoing, ++sequence, extraFlags);
        }
        Libc.write(openFd(), outgoing.flip()).orThrow("send a netlink request", "");
        return first;
    }

    /** Reads one datagram into {@link #incoming}; false if the kernel said that it dropped some (ENOBUFS). */
    private boolean receive(String operation) {
        SysResult result;
        do {
            incoming.clear();
            result = Libc.recv(openFd(), incoming, Libc.MSG_TRUNC);
            // With SO_RCVTIMEO set it is never restarted after a signal, whatever SA_RESTART says (signal(7)).
        } while (result.failedWith(Errno.EINTR));
        if (result.failedWith(Errno.ENOBUFS)) {
            return false;
        }
        long length = result.orThrow(operation, "the kernel didn't answer a netlink request");
        if (length > incoming.capacity()) {
            throw new KernelException(operation + ": a netlink datagram of " + length + " bytes", Errno.EMSGSIZE, "");
        }
        incoming.flip();
        return true;
    }

    private void forEachMessage(MessageConsumer consumer) {
        forEachMessage(incoming, consumer);
    }

    /**
     * Passes the messages of a datagram, from its beginning to the buffer's limit.
     *
     * @throws MalformedException if one is shorter than its header, or longer than what is left
     */
    static void forEachMessage(ByteBuffer incoming, MessageConsumer consumer) {
        int end = incoming.limit();
        int at = 0;
        while (end - at >= NLMSG_HDRLEN) {
            int length = incoming.getInt(at);
            if (length < NLMSG_HDRLEN || length > end - at) {
                throw new MalformedException("a netlink datagram", at, "a message of " + length + " bytes");
            }
            int type = Short.toUnsignedInt(incoming.getShort(at + 4));
            int flags = Short.toUnsignedInt(incoming.getShort(at + 6));
            int seq = incoming.getInt(at + 8);
            incoming.limit(at + length).position(at + NLMSG_HDRLEN);
            consumer.message(type, flags, seq, incoming);
            incoming.limit(end);
            at += NetlinkAttributes.align(length);
        }
    }

    private int openFd() {
        if (closed) {
            throw new IllegalStateException("netlink socket is closed");
        }
        return fd;
    }

    private static String openRemedy(Errno errno) {
        return switch (errno) {
            case EMFILE, ENFILE -> "close files or raise the limit (ulimit -n)";
            case EPROTONOSUPPORT -> "this kernel lacks the protocol, or a sandbox (seccomp, gVisor) hides it";
            default -> "";
        };
    }

    private static String dumpRemedy(Errno errno) {
        return errno == Errno.ENOENT ? "load the kernel's modules inet_diag and tcp_diag" : "";
    }

    @FunctionalInterface
    interface MessageConsumer {
        void message(int type, int flags, int seq, ByteBuffer payload);
    }
}
