package io.tcplab.kernel.netlink;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import java.nio.ByteBuffer;
import java.util.function.Function;

/**
 * The kernel's verdict on one request.
 *
 * @param errno 0 if it was done
 * @param message the kernel's own words about the error, from the extended acknowledgement; usually empty
 */
public record NetlinkAck(int errno, String message) {
    // enum nlmsgerr_attrs, include/uapi/linux/netlink.h
    private static final int NLMSGERR_ATTR_MSG = 1;

    /** True if the request failed with this error. */
    public boolean failedWith(Errno error) {
        return errno != 0 && errno == error.number();
    }

    /** Throws unless the request was done. */
    public void orThrow(String operation, Function<Errno, String> remedy) {
        if (errno != 0) {
            Errno error = Errno.of(errno);
            throw new KernelException(operation, error, message, remedy.apply(error), null);
        }
    }

    /**
     * Decodes NLMSG_ERROR and NLMSG_DONE, which both start with a negated errno.
     *
     * @param payload from the errno to the end of the message
     * @param skip bytes between errno and attributes
     * @param hasAttributes whether the message's flags had NLM_F_ACK_TLVS
     */
    static NetlinkAck decode(ByteBuffer payload, int skip, boolean hasAttributes) {
        int errno = payload.remaining() < Integer.BYTES ? 0 : -payload.getInt(payload.position());
        int attributes = payload.position() + Integer.BYTES + skip;
        if (!hasAttributes || attributes > payload.limit()) {
            return new NetlinkAck(errno, "");
        }
        return new NetlinkAck(
                errno,
                NetlinkAttributes.find(
                                payload.duplicate().order(payload.order()).position(attributes), NLMSGERR_ATTR_MSG)
                        .map(NetlinkAttributes::string)
                        .orElse(""));
    }
}
