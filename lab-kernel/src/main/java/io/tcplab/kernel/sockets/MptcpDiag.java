package io.tcplab.kernel.sockets;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.ffm.Libc;
import io.tcplab.kernel.netlink.NetlinkRequest;
import io.tcplab.kernel.netlink.NetlinkSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Asks sock_diag for MPTCP sockets (net/mptcp/mptcp_diag.c). The kernel walks its table of tokens, 64 thousand slots at most, and
 * that of listeners. So it isn't asked where there are none. A kernel that doesn't list them isn't asked a second time, since it
 * starts modprobe each time to find the module.
 */
final class MptcpDiag {
    private static final Path SYSCTL = Path.of("/proc/sys/net/mptcp/enabled");

    private final Lister lister;
    private final BooleanSupplier mayBe;
    private volatile MptcpListing listing;
    private volatile boolean inet6 = true;

    /** @param mayBe false if the namespace has no MPTCP sockets */
    MptcpDiag(Lister lister, boolean kernelHasMptcp, BooleanSupplier mayBe) {
        this.lister = lister;
        this.mayBe = mayBe;
        this.listing = kernelHasMptcp ? MptcpListing.LISTED : MptcpListing.NONE;
    }

    /** Asks by this netlink socket. */
    static MptcpDiag of(NetlinkSocket netlink, String operation, MptcpUse use) {
        return new MptcpDiag(
                (request, messages) -> netlink.dump(request, operation, (type, message) -> messages.accept(message)),
                Files.exists(SYSCTL),
                use::mayBe);
    }

    /** Has the kernel list something. Tests bring their own, since not every kernel refuses. */
    @FunctionalInterface
    interface Lister {
        /**
         * Passes the rows; returns whether they are complete.
         *
         * @throws KernelException ENOENT if the kernel doesn't list such sockets
         */
        boolean dump(NetlinkRequest request, Consumer<ByteBuffer> messages);
    }

    /** Whether the kernel lists them, if it has been asked already. */
    MptcpListing listing() {
        return listing;
    }

    /**
     * An answer.
     *
     * @param complete as {@link Census#complete}
     */
    record Answer(MptcpSockets sockets, boolean complete) {}

    /** The namespace's MPTCP sockets, whatever their states and ports: one that isn't wanted has subflows, too. */
    Answer ask(boolean buffers) {
        List<ByteBuffer> messages = new ArrayList<>();
        boolean complete = true;
        if (listing == MptcpListing.LISTED && mayBe.getAsBoolean()) {
            boolean[] whole = {true};
            if (!dump(Libc.AF_INET, buffers, messages, whole)) {
                listing = MptcpListing.UNLISTED;
            } else if (inet6) {
                inet6 = dump(Libc.AF_INET6, buffers, messages, whole);
            }
            complete = whole[0];
        }
        return new Answer(messages.isEmpty() ? MptcpSockets.NONE : new MptcpSockets(messages), complete);
    }

    /** Whether the kernel answers for this family. */
    private boolean dump(int family, boolean buffers, List<ByteBuffer> messages, boolean[] whole) {
        try {
            whole[0] &= lister.dump(
                    MptcpMessages.dump(family, buffers), message -> messages.add(DiagMessages.copy(message)));
            return true;
        } catch (KernelException e) {
            if (e.errno() == Errno.ENOENT) {
                return false;
            }
            throw e;
        }
    }
}
