package io.tcplab.cluster;

import io.tcplab.containers.MonotonicOffset;
import io.tcplab.containers.RemoteHost;
import io.tcplab.containers.protocol.Greeting;
import io.tcplab.experiments.EvidenceMissing;
import java.util.List;

/** A member whose sources of evidence are open, and whose clock is known. */
record Station(Member member, RemoteHost host, MonotonicOffset clock) {
    /** Of the network; an agent has no other address to add, so that it has no effect. */
    private static final int PREFIX = 24;

    /** Opens it: from here on its counters count. */
    static Station open(Member member) {
        Greeting greeting = member.link().greeting();
        if (greeting.protocol() != Greeting.PROTOCOL) {
            throw new EvidenceMissing("the image of %s speaks protocol %d, and this lab %d: use the image of this build"
                    .formatted(member.name(), greeting.protocol(), Greeting.PROTOCOL));
        }
        MonotonicOffset clock = MonotonicOffset.of(member.link(), greeting.bootId());
        return new Station(member, new RemoteHost(member.link(), List.of(member.address()), PREFIX, clock), clock);
    }
}
