package io.tcplab.kernel.netns;

import static io.tcplab.kernel.netlink.NetlinkRequest.NLM_F_CREATE;
import static io.tcplab.kernel.netlink.NetlinkRequest.NLM_F_EXCL;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.ffm.Libc;
import io.tcplab.kernel.netlink.NetlinkAck;
import io.tcplab.kernel.netlink.NetlinkAttributes;
import io.tcplab.kernel.netlink.NetlinkRequest;
import io.tcplab.kernel.netlink.NetlinkSocket;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Changes the interfaces and addresses of one namespace by rtnetlink(7), message by message as {@code ip} does it.
 * Names are those of include/uapi/linux/rtnetlink.h, if_link.h, if_addr.h and veth.h.
 */
final class Rtnetlink implements AutoCloseable {
    private static final int RTM_NEWLINK = 16;
    private static final int RTM_DELLINK = 17;
    private static final int RTM_GETLINK = 18;
    private static final int RTM_NEWADDR = 20;
    private static final int RTM_GETADDR = 22;
    private static final int RTM_NEWROUTE = 24;
    private static final int RTM_GETROUTE = 26;
    private static final int RT_TABLE_MAIN = 254;
    private static final int RTPROT_STATIC = 4;
    private static final int RT_SCOPE_LINK = 253;
    private static final int RTN_UNICAST = 1;
    private static final int RTA_OIF = 4;

    // Multicast groups
    static final int RTNLGRP_LINK = 1;
    static final int RTNLGRP_IPV6_ROUTE = 11;

    private static final int IFF_UP = 0x1;
    private static final int IFF_NOARP = 0x80;
    private static final int IFINFOMSG_BYTES = 16;
    private static final int IFINFOMSG_INDEX = 4;

    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_MTU = 4;
    private static final int IFLA_OPERSTATE = 16;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_AF_SPEC = 26;
    private static final int IFLA_NET_NS_FD = 28;
    private static final int IFLA_INFO_KIND = 1;
    private static final int IFLA_INFO_DATA = 2;
    private static final int VETH_INFO_PEER = 1;
    private static final int IFLA_INET6_ADDR_GEN_MODE = 8;
    private static final byte IN6_ADDR_GEN_MODE_NONE = 1;

    /**
     * RFC 2863's "up": the carrier is there and the queue is attached (linkwatch_do_dev() in net/core/link_watch.c).
     */
    private static final byte IF_OPER_UP = 6;

    private static final int IFADDRMSG_BYTES = 8;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_FLAGS = 8;
    private static final int IFA_F_NODAD = 0x2;

    private static final int RTA_DST = 1;
    private static final byte RTN_LOCAL = 2;
    private static final int RTMSG_TYPE = 7;

    private final NetlinkSocket netlink;
    private final String where;

    private Rtnetlink(NetlinkSocket netlink, String where) {
        this.netlink = netlink;
        this.where = where;
    }

    /** What the lab wants to know of an interface. */
    record Link(int index, boolean operational, HardwareAddress hardwareAddress) {}

    /** For the calling thread's namespace, which error messages call {@code where}. */
    static Rtnetlink open(String where) {
        return new Rtnetlink(NetlinkSocket.open(NetlinkSocket.NETLINK_ROUTE), where);
    }

    /** Creates a pair of interfaces, the second one in another namespace from the start. Both are down. */
    void createVeth(String name, String peerName, int peerNamespaceFd, OptionalInt mtu) {
        NetlinkRequest request =
                link(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0, 0).attribute(IFLA_IFNAME, name);
        mtu.ifPresent(bytes -> request.attribute(IFLA_MTU, bytes));
        request.nest(
                IFLA_LINKINFO,
                info -> info.attribute(IFLA_INFO_KIND, "veth")
                        .nest(
                                IFLA_INFO_DATA,
                                data -> data.enclose(VETH_INFO_PEER, peer -> {
                                    ifinfomsg(peer, 0, 0)
                                            .attribute(IFLA_IFNAME, peerName)
                                            .attribute(IFLA_NET_NS_FD, peerNamespaceFd);
                                    mtu.ifPresent(bytes -> peer.attribute(IFLA_MTU, bytes));
                                })));
        netlink.execute(request)
                .orThrow("create the veth pair " + name + ", " + peerName + " in " + where, Rtnetlink::vethRemedy);
    }

    /** Deletes an interface; a veth's peer goes with it. */
    void delete(String name) {
        netlink.execute(link(RTM_DELLINK, 0, 0, 0).attribute(IFLA_IFNAME, name))
                .orThrow("delete interface " + name + " in " + where, Rtnetlink::remedy);
    }

    /** Sets an interface up. */
    void up(String name) {
        netlink.execute(upRequest(name)).orThrow("set interface " + name + " up in " + where, Rtnetlink::remedy);
    }

    private static NetlinkRequest upRequest(String name) {
        return link(RTM_NEWLINK, 0, IFF_UP, IFF_UP).attribute(IFLA_IFNAME, name);
    }

    /**
     * Lets an interface ask nobody for hardware addresses: it sends every segment to its own (arp_constructor() in
     * net/ipv4/arp.c, ndisc_constructor() in net/ipv6/ndisc.c), and whoever forwards puts the right one in.
     */
    void withoutArp(String name) {
        netlink.execute(link(RTM_NEWLINK, 0, IFF_NOARP, IFF_NOARP).attribute(IFLA_IFNAME, name))
                .orThrow("turn ARP off on " + name + " in " + where, Rtnetlink::remedy);
    }

    /** Sends what has no other IPv4 route out of an interface. */
    void addDefaultRoute(int interfaceIndex) {
        NetlinkRequest request = NetlinkRequest.of(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL)
                .u8(Libc.AF_INET)
                .bytes(new byte[3])
                .u8(RT_TABLE_MAIN)
                .u8(RTPROT_STATIC)
                .u8(RT_SCOPE_LINK)
                .u8(RTN_UNICAST)
                .u32(0)
                .attribute(RTA_OIF, interfaceIndex);
        netlink.execute(request).orThrow("add a default route in " + where, Rtnetlink::remedy);
    }

    /**
     * Sets an interface up, and keeps IPv6 from giving it a link-local address, whose duplicate detection and router
     * solicitations would be segments that the lab has not sent.
     */
    void upWithoutLinkLocalAddress(String name) {
        NetlinkRequest quiet = link(RTM_NEWLINK, 0, 0, 0)
                .attribute(IFLA_IFNAME, name)
                .nest(
                        IFLA_AF_SPEC,
                        families -> families.nest(
                                Libc.AF_INET6,
                                inet6 -> inet6.attribute(
                                        IFLA_INET6_ADDR_GEN_MODE, new byte[] {IN6_ADDR_GEN_MODE_NONE})));
        List<NetlinkAck> acks = netlink.execute(List.of(quiet, upRequest(name)), (type, payload) -> {});
        // Without IPv6 in the kernel there is nothing to keep quiet.
        if (!acks.getFirst().failedWith(Errno.EAFNOSUPPORT)) {
            acks.getFirst().orThrow("set IPv6 address generation of " + name + " in " + where, Rtnetlink::remedy);
        }
        acks.getLast().orThrow("set interface " + name + " up in " + where, Rtnetlink::remedy);
    }

    /** Looks at an interface. */
    Link link(String name) {
        List<Link> found = new ArrayList<>();
        NetlinkRequest request = link(RTM_GETLINK, 0, 0, 0).attribute(IFLA_IFNAME, name);
        netlink.execute(List.of(request), (type, message) -> found.add(decodeLink(message)))
                .getFirst()
                .orThrow("look at interface " + name + " in " + where, Rtnetlink::remedy);
        return found.getFirst();
    }

    /** Gives an interface addresses, usable at once: without duplicate address detection (RFC 4862 section 5.4). */
    void add(int interfaceIndex, List<Cidr> addresses) {
        List<NetlinkRequest> requests = addresses.stream()
                .map(address -> newAddress(interfaceIndex, address))
                .toList();
        List<NetlinkAck> acks = netlink.execute(requests, (type, payload) -> {});
        for (int i = 0; i < acks.size(); i++) {
            Cidr address = addresses.get(i);
            acks.get(i).orThrow("add address " + address + " in " + where, errno -> addressRemedy(errno, address));
        }
    }

    /** All addresses of the namespace. */
    Set<InetAddress> addresses() {
        Set<InetAddress> found = new HashSet<>();
        NetlinkRequest request =
                NetlinkRequest.of(RTM_GETADDR, NetlinkRequest.NLM_F_DUMP).u8(0).bytes(new byte[IFADDRMSG_BYTES - 1]);
        netlink.dump(request, "list the addresses of " + where, (type, message) -> {
            int at = message.position() + IFADDRMSG_BYTES;
            ByteBuffer attributes = message.slice(at, message.limit() - at).order(message.order());
            // Of a point-to-point link IFA_ADDRESS is the other end's; IPv6 has no IFA_LOCAL unless it is one.
            NetlinkAttributes.find(attributes, IFA_LOCAL)
                    .or(() -> NetlinkAttributes.find(attributes, IFA_ADDRESS))
                    .ifPresent(value -> found.add(address(value)));
        });
        return found;
    }

    private static InetAddress address(ByteBuffer value) {
        byte[] bytes = new byte[value.remaining()];
        value.get(value.position(), bytes);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + bytes.length + " bytes", e);
        }
    }

    /** Whether the routing tables deliver segments for this address to this namespace. */
    boolean delivers(InetAddress address) {
        byte[] bytes = address.getAddress();
        NetlinkRequest request = NetlinkRequest.of(RTM_GETROUTE, 0)
                .u8(bytes.length == 4 ? Libc.AF_INET : Libc.AF_INET6)
                .u8(bytes.length * Byte.SIZE)
                .bytes(new byte[10])
                .attribute(RTA_DST, bytes);
        boolean[] local = {false};
        NetlinkAck ack = netlink.execute(
                        List.of(request),
                        (type, message) -> local[0] =
                                type == RTM_NEWROUTE && message.get(message.position() + RTMSG_TYPE) == RTN_LOCAL)
                .getFirst();
        // No route at all is an answer too.
        if (!ack.failedWith(Errno.ENETUNREACH)) {
            ack.orThrow("look up the route of " + address.getHostAddress() + " in " + where, Rtnetlink::remedy);
        }
        return local[0];
    }

    @Override
    public void close() {
        netlink.close();
    }

    private static NetlinkRequest link(int type, int flags, int linkFlags, int change) {
        return ifinfomsg(NetlinkRequest.of(type, flags), linkFlags, change);
    }

    /** Appends a struct ifinfomsg that names no interface: IFLA_IFNAME does. */
    private static NetlinkRequest ifinfomsg(NetlinkRequest request, int linkFlags, int change) {
        return request.u8(0).u8(0).u16(0).u32(0).u32(linkFlags).u32(change);
    }

    /** A struct ifaddrmsg and its attributes. */
    private static NetlinkRequest newAddress(int interfaceIndex, Cidr cidr) {
        byte[] bytes = cidr.address().getAddress();
        return NetlinkRequest.of(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL)
                .u8(cidr.isIpv6() ? Libc.AF_INET6 : Libc.AF_INET)
                .u8(cidr.prefix())
                .u8(0)
                .u8(0)
                .u32(interfaceIndex)
                .attribute(IFA_LOCAL, bytes)
                .attribute(IFA_ADDRESS, bytes)
                .attribute(IFA_FLAGS, IFA_F_NODAD);
    }

    private static Link decodeLink(ByteBuffer message) {
        int at = message.position();
        ByteBuffer attributes = message.slice(at + IFINFOMSG_BYTES, message.remaining() - IFINFOMSG_BYTES)
                .order(message.order());
        boolean operational = NetlinkAttributes.find(attributes, IFLA_OPERSTATE)
                .filter(state -> state.get(0) == IF_OPER_UP)
                .isPresent();
        HardwareAddress hardwareAddress = NetlinkAttributes.find(attributes, IFLA_ADDRESS)
                .map(HardwareAddress::read)
                .orElseThrow(() -> new IllegalStateException("an interface without a hardware address"));
        return new Link(message.getInt(at + IFINFOMSG_INDEX), operational, hardwareAddress);
    }

    private static String vethRemedy(Errno errno) {
        return errno == Errno.EOPNOTSUPP ? "load the kernel's module veth (modprobe veth)" : remedy(errno);
    }

    private static String addressRemedy(Errno errno, Cidr address) {
        boolean noIpv6 =
                address.isIpv6() && (errno == Errno.EAFNOSUPPORT || errno == Errno.EOPNOTSUPP || errno == Errno.EACCES);
        return noIpv6
                ? "IPv6 is off; boot without ipv6.disable=1 and set net.ipv6.conf.default.disable_ipv6=0"
                : remedy(errno);
    }

    private static String remedy(Errno errno) {
        return switch (errno) {
            case EPERM -> "needs CAP_NET_ADMIN: run as root, or through lab, which enters a user namespace";
            case EMFILE, ENFILE -> "close files or raise the limit (ulimit -n)";
            case EEXIST -> "the name or address is taken in this namespace";
            default -> "";
        };
    }
}
