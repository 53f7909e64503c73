package io.tcplab.kernel.netlink;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A dump under way: many rows in many datagrams, ended by NLMSG_DONE (netlink(7), "Message flags"). */
final class Dump {
    // include/uapi/linux/netlink.h
    private static final int NLMSG_ERROR = 2;
    private static final int NLMSG_DONE = 3;
    private static final int NLM_F_DUMP_INTR = 0x10;
    private static final int NLM_F_ACK_TLVS = 0x200;

    private final int sequence;
    private final NetlinkSocket.Handler rows;
    private boolean interrupted;
    private boolean broken;
    private @Nullable NetlinkAck end;
    private @Nullable RuntimeException failure;

    Dump(int sequence, NetlinkSocket.Handler rows) {
        this.sequence = sequence;
        this.rows = rows;
    }

    /** Takes one message of the socket, perhaps a late one of an earlier request. */
    void message(int type, int flags, int messageSequence, ByteBuffer payload) {
        if (messageSequence != sequence) {
            return;
        }
        interrupted |= (flags & NLM_F_DUMP_INTR) != 0;
        boolean explained = (flags & NLM_F_ACK_TLVS) != 0;
        switch (type) {
            case NLMSG_ERROR -> end = NetlinkAck.decode(payload, NetlinkRequest.NLMSG_HDRLEN, explained);
            case NLMSG_DONE -> end = NetlinkAck.decode(payload, 0, explained);
            default -> row(type, payload);
        }
    }

    /** The kernel dropped a datagram of this socket: the rows are no longer all. */
    void lostDatagram() {
        interrupted = true;
    }

    /**
     * Reading failed. The kernel's dump goes on all the same, and until its end the socket takes no other (EBUSY,
     * __netlink_dump_start() in net/netlink/af_netlink.c): so the rest is read before this is thrown.
     *
     * @throws RuntimeException this failure, if reading has failed before: then there is no rest to be had
     */
    void brokenOff(RuntimeException e) {
        if (broken) {
            throw e;
        }
        broken = true;
        failure = failure == null ? e : failure;
    }

    /** How the dump ended; null as long as it goes on. */
    @Nullable
    NetlinkAck end() {
        return end;
    }

    /** True if the rows are consistent, according to the kernel. */
    boolean consistent() {
        return !interrupted;
    }

    /** What a row's handler threw; null if nothing. */
    @Nullable
    RuntimeException failure() {
        return failure;
    }

    /**
     * A handler's exception must not leave half of the answer in the socket: the rest is read, and only then thrown.
     */
    private void row(int type, ByteBuffer payload) {
        if (failure != null) {
            return;
        }
        try {
            rows.message(type, payload);
        } catch (RuntimeException e) {
            failure = e;
        }
    }
}
