package io.tcplab.kernel.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.ffm.Libc;
import io.tcplab.kernel.netns.Namespace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Against the kernel: rtnetlink in a namespace of its own. */
class NetlinkSocketTest {
    private static final int RTM_GETLINK = 18;
    private static final int RTM_NEWADDR = 20;
    private static final int RTNLGRP_IPV4_IFADDR = 5;
    private static final int IFA_LOCAL = 2;
    private static final int LO = 1;

    @AutoClose
    private final Namespace namespace = Namespace.create("netlink");

    @AutoClose
    private final NetlinkSocket netlink = open();

    @Test
    void acknowledgementsAreInTheOrderOfTheRequests() {
        List<NetlinkRequest> requests = IntStream.range(0, 200)
                .mapToObj(i -> address(i % 3 == 0 ? 99 : LO, i))
                .toList();
        List<NetlinkAck> acks = netlink.execute(requests, (type, payload) -> {});
        assertThat(acks).hasSize(200);
        for (int i = 0; i < acks.size(); i++) {
            assertThat(acks.get(i).errno()).isEqualTo(i % 3 == 0 ? Errno.ENODEV.number() : 0);
        }
    }

    @Test
    void nothingAskedNothingAnswered() {
        assertThat(netlink.execute(List.of(), (type, payload) -> {})).isEmpty();
    }

    @Test
    void aDumpThatTheKernelRefusesIsAnError() {
        assertThatThrownBy(() -> netlink.dump(
                        NetlinkRequest.of(999, NetlinkRequest.NLM_F_DUMP).u32(0), "list nothing", (type, row) -> {}))
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EOPNOTSUPP))
                .hasMessageStartingWith("list nothing: EOPNOTSUPP");
        assertThat(links()).isEqualTo(1);
    }

    @Test
    void aHandlersFailureLeavesTheSocketUsable() {
        IllegalStateException failure = new IllegalStateException("mine");
        assertThatThrownBy(() -> netlink.dump(dumpLinks(), "list links", (type, row) -> {
                    throw failure;
                }))
                .isSameAs(failure);
        assertThat(links()).isEqualTo(1);
    }

    @Test
    void notificationsTellOfChangesAndOfNothingElse() {
        try (NetlinkSocket changes = open()) {
            changes.subscribe(RTNLGRP_IPV4_IFADDR);
            assertThat(changes.awaitNotification(Duration.ZERO)).isFalse();
            assertThat(netlink.execute(address(LO, 1)).errno()).isZero();
            assertThat(changes.awaitNotification(Duration.ofSeconds(10))).isTrue();
            assertThat(changes.awaitNotification(Duration.ZERO)).isFalse();
        }
    }

    @Test
    void aProtocolThatDoesNotExistIsRefusedWithARemedy() {
        assertThatThrownBy(() -> NetlinkSocket.open(31))
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EPROTONOSUPPORT))
                .hasMessageContaining("kernel lacks the protocol");
    }

    @Test
    void afterCloseItRefuses() {
        netlink.close();
        netlink.close();
        assertThatThrownBy(this::links).isInstanceOf(IllegalStateException.class);
    }

    private int links() {
        List<Integer> types = new ArrayList<>();
        assertThat(netlink.dump(dumpLinks(), "list links", (type, row) -> types.add(type)))
                .isTrue();
        return types.size();
    }

    private NetlinkSocket open() {
        return namespace.call(() -> NetlinkSocket.open(NetlinkSocket.NETLINK_ROUTE));
    }

    private static NetlinkRequest dumpLinks() {
        return NetlinkRequest.of(RTM_GETLINK, NetlinkRequest.NLM_F_DUMP).bytes(new byte[16]);
    }

    /** 127.1.0.n/32 on an interface. */
    private static NetlinkRequest address(int interfaceIndex, int n) {
        return NetlinkRequest.of(RTM_NEWADDR, NetlinkRequest.NLM_F_CREATE)
                .u8(Libc.AF_INET)
                .u8(32)
                .u16(0)
                .u32(interfaceIndex)
                .attribute(IFA_LOCAL, new byte[] {127, 1, 0, (byte) n});
    }
}
