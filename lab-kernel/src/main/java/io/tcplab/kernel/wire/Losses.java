package io.tcplab.kernel.wire;

import io.tcplab.kernel.Errno;
import java.util.Optional;

/**
 * What the wire itself failed to do: if there is any, what it recorded is not what the hosts' kernels did.
 *
 * @param overrun frames that came while the ring was full (tp_drops of packet(7))
 * @param refused frames that the kernel did not take when they were to be forwarded
 * @param refusal the error of the first of those
 * @param unrecorded segments that were forwarded, but for which the record had no room
 */
public record Losses(long overrun, long refused, Optional<Errno> refusal, long unrecorded) {

    /** All of them. */
    public long total() {
        return overrun + refused + unrecorded;
    }

    @Override
    public String toString() {
        return "%,d overrun, %,d refused by the kernel%s, %,d not recorded"
                .formatted(
                        overrun,
                        refused,
                        refusal.map(errno -> " (" + errno + ")").orElse(""),
                        unrecorded);
    }
}
