package io.tcplab.cluster;

import io.tcplab.containers.MonotonicOffset;
import io.tcplab.containers.RemoteHost;
import java.util.List;

/** A member whose sources of evidence are open, and whose clock is known. */
record Station(Member member, RemoteHost host, MonotonicOffset clock) {
    /** Of the network; an agent has no other address to add, so that it has no effect. */
    private static final int PREFIX = 24;

    /** Opens it: from here on its counters count. */
    static Station open(Member member) {
        MonotonicOffset clock =
                MonotonicOffset.of(member.link(), member.requireOwnProtocol().bootId());
        return new Station(member, new RemoteHost(member.link(), List.of(member.address()), PREFIX, clock), clock);
    }
}
