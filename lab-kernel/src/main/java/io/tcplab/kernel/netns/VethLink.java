package io.tcplab.kernel.netns;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.Release;
import io.tcplab.kernel.netlink.NetlinkSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A cable between two namespaces: a pair of veth interfaces, made and set up by rtnetlink. It goes when one of its
 * namespaces goes; no third namespace ever sees it.
 *
 * @param left one end
 * @param right the other end
 */
public record VethLink(End left, End right) {
    /**
     * Setting a veth up takes the kernel's worker a millisecond; a loaded machine gets patience, not an answer that
     * differs.
     */
    private static final Duration READY_TIMEOUT = Duration.ofSeconds(10);

    /**
     * ETH_MIN_MTU and ETH_MAX_MTU of include/uapi/linux/if_ether.h, which drivers/net/veth.c takes. IPv6 needs 1280.
     */
    private static final int LEAST_MTU = 68;

    private static final int GREATEST_MTU = 65_535;

    /** A namespace, the interface in it, and that interface's addresses. */
    public record End(Namespace namespace, String name, List<Cidr> addresses) {
        /** IFNAMSIZ of include/uapi/linux/if.h, less the terminator. */
        private static final int LONGEST_NAME = 15;

        public End {
            addresses = List.copyOf(addresses);
            if (name.isEmpty() || name.length() > LONGEST_NAME || name.matches(".*[\\s/:].*")) {
                throw new IllegalArgumentException("'" + name + "' isn't an interface name: 1 to " + LONGEST_NAME
                        + " characters without spaces, slashes and colons");
            }
        }
    }

    /** Joins two namespaces by a link with the kernel's MTU of 1500. */
    public static VethLink join(End left, End right) {
        return join(left, right, OptionalInt.empty());
    }

    /**
     * Joins two namespaces. When this returns, the link carries segments between all of its addresses: the first SYN
     * arrives.
     *
     * @param mtu bytes, at least 1280 where an address is IPv6; empty for the kernel's default
     * @throws KernelException EPERM without CAP_NET_ADMIN; EOPNOTSUPP without the module veth; EEXIST if a name is
     *     taken; ETIMEDOUT
     */
    public static VethLink join(End left, End right, OptionalInt mtu) {
        mtu.ifPresent(VethLink::requireMtu);
        try (Rtnetlink first = left.namespace.call(() -> Rtnetlink.open(left.namespace.label()));
                Rtnetlink second = right.namespace.call(() -> Rtnetlink.open(right.namespace.label()))) {
            first.createVeth(left.name, right.name, right.namespace.fd(), mtu);
            try {
                setUp(first, left, second, right);
            } catch (RuntimeException e) {
                deleteAfter(e, first, left.name);
                throw e;
            }
        }
        return new VethLink(left, right);
    }

    private static void requireMtu(int mtu) {
        if (mtu < LEAST_MTU || mtu > GREATEST_MTU) {
            throw new IllegalArgumentException("MTU " + mtu + " is not between " + LEAST_MTU + " and " + GREATEST_MTU);
        }
    }

    private static void setUp(Rtnetlink first, End left, Rtnetlink second, End right) {
        try (Readiness leftReady = new Readiness(left.namespace);
                Readiness rightReady = new Readiness(right.namespace)) {
            first.upWithoutLinkLocalAddress(left.name);
            second.upWithoutLinkLocalAddress(right.name);
            // Addresses follow the carrier: their routes would otherwise wait for it in a worker of the kernel's.
            int leftIndex = operational(leftReady, first, left.name);
            int rightIndex = operational(rightReady, second, right.name);
            first.add(leftIndex, left.addresses);
            second.add(rightIndex, right.addresses);
            awaitAddresses(leftReady, first, left);
            awaitAddresses(rightReady, second, right);
        }
    }

    /** Waits for the carrier; returns the interface's index. */
    private static int operational(Readiness ready, Rtnetlink rtnetlink, String name) {
        return ready.await(
                        "carrier of " + name,
                        () -> Optional.of(rtnetlink.link(name)).filter(Rtnetlink.Link::operational))
                .index();
    }

    /**
     * IPv6 makes an address deliverable in a worker, even without duplicate detection (addrconf_dad_work(),
     * net/ipv6/addrconf.c).
     */
    private static void awaitAddresses(Readiness ready, Rtnetlink rtnetlink, End end) {
        for (Cidr cidr : end.addresses) {
            InetAddress address = cidr.address();
            ready.await(
                    "route of " + address.getHostAddress(),
                    () -> Optional.of(address).filter(rtnetlink::delivers));
        }
    }

    private static void deleteAfter(RuntimeException failure, Rtnetlink rtnetlink, String name) {
        try {
            rtnetlink.delete(name);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /**
     * Waits for a state of the kernel's, looking at it again whenever the kernel says that something has changed.
     *
     * <p>And now and then without an announcement: the kernel announces an IPv6 route a moment before a lookup can find it
     * (RTN_RTINFO is set behind inet6_rt_notify(), fib6_add_rt2node() in net/ipv6/ip6_fib.c).
     */
    private static final class Readiness implements AutoCloseable {
        private static final Duration LONGEST_UNTOLD = Duration.ofMillis(5);

        private final Namespace namespace;
        private final long deadlineNanos = System.nanoTime() + READY_TIMEOUT.toNanos();
        private @Nullable NetlinkSocket changes;

        Readiness(Namespace namespace) {
            this.namespace = namespace;
        }

        /** Mostly there at the first look, and then nothing is opened: since Linux 6.8 looking at a link does the worker's part. */
        <T> T await(String what, Supplier<Optional<T>> state) {
            Optional<T> found = state.get();
            while (found.isEmpty()) {
                if (System.nanoTime() - deadlineNanos > 0) {
                    throw new KernelException("wait for the " + what, Errno.ETIMEDOUT, "");
                }
                changes().awaitNotification(LONGEST_UNTOLD);
                found = state.get();
            }
            return found.get();
        }

        private NetlinkSocket changes() {
            NetlinkSocket subscribed = changes == null ? subscribed(namespace) : changes;
            changes = subscribed;
            return subscribed;
        }

        private static NetlinkSocket subscribed(Namespace namespace) {
            NetlinkSocket socket = namespace.call(() -> NetlinkSocket.open(NetlinkSocket.NETLINK_ROUTE));
            try {
                socket.subscribe(Rtnetlink.RTNLGRP_LINK);
                socket.subscribe(Rtnetlink.RTNLGRP_IPV6_ROUTE);
                return socket;
            } catch (RuntimeException e) {
                throw Release.after(e, socket);
            }
        }

        @Override
        public void close() {
            if (changes != null) {
                changes.close();
            }
        }
    }
}
