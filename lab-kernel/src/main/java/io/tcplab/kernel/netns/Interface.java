package io.tcplab.kernel.netns;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.ffm.Ethtool;
import io.tcplab.kernel.ffm.Libc;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/**
 * An interface that exists in a namespace.
 *
 * @param index its number there, which is that of no other one
 */
public record Interface(Namespace namespace, String name, int index, HardwareAddress hardwareAddress) {

    /**
     * Looks it up.
     *
     * @throws KernelException ENODEV if the namespace has none of that name
     */
    public static Interface of(Namespace namespace, String name) {
        try (Rtnetlink rtnetlink = rtnetlink(namespace)) {
            Rtnetlink.Link link = rtnetlink.link(name);
            return new Interface(namespace, name, link.index(), link.hardwareAddress());
        }
    }

    /** The addresses of all interfaces of a namespace, up or down. Needs no privileges but to enter it. */
    public static Set<InetAddress> addresses(Namespace namespace) {
        try (Rtnetlink rtnetlink = rtnetlink(namespace)) {
            return rtnetlink.addresses();
        }
    }

    /**
     * Makes the kernel do all work itself, so that what crosses the link is what TCP calls a segment: none longer than
     * the MTU, none merged on arrival, each with its checksum.
     *
     * @throws KernelException EPERM without CAP_NET_ADMIN
     */
    public void turnOffloadsOff() {
        int fd = namespace.call(() -> Libc.socket(Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0)
                .intOrThrow("open a socket in " + namespace.label(), "close files or raise the limit (ulimit -n)"));
        try {
            for (Ethtool.Offload offload : Ethtool.Offload.values()) {
                Ethtool.turnOff(fd, name, offload)
                        .orThrow("turn " + offload + " off on " + name + " in " + namespace.label(), Interface::remedy);
            }
        } finally {
            Libc.close(fd).orThrow("close a socket", "");
        }
    }

    /**
     * Gives it further addresses, in the networks that it has already.
     *
     * @throws KernelException EPERM without CAP_NET_ADMIN; EEXIST if the namespace has one of them
     */
    public void add(List<Cidr> addresses) {
        try (Rtnetlink rtnetlink = rtnetlink(namespace)) {
            rtnetlink.add(index, addresses);
        }
    }

    /**
     * Makes the interface the host's way to every address, without asking who has it: no ARP, no neighbour discovery.
     * What it sends is addressed to the interface itself, so that the other end must put the right hardware address in.
     *
     * @throws KernelException EPERM without CAP_NET_ADMIN; EEXIST if there is a default route already
     */
    public void reachEverything() {
        try (Rtnetlink rtnetlink = rtnetlink(namespace)) {
            rtnetlink.withoutArp(name);
            rtnetlink.addDefaultRoute(index);
        }
    }

    private static Rtnetlink rtnetlink(Namespace namespace) {
        return namespace.call(() -> Rtnetlink.open(namespace.label()));
    }

    private static String remedy(Errno errno) {
        return errno == Errno.EPERM
                ? "needs CAP_NET_ADMIN: run as root, or through lab, which enters a user namespace"
                : "";
    }
}
