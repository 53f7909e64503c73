package io.tcplab.client;

import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** A plan's exchange and TLS, ready for the wire: one for all connections. Any loop may ask it. */
final class Talk {
    private final LoadPlan plan;
    private final Map<InetSocketAddress, Requests> requests = new HashMap<>();

    Talk(LoadPlan plan) {
        this.plan = plan;
        plan.targets().forEach(target -> requests.computeIfAbsent(target, it -> Requests.of(plan, it)));
    }

    /** Does once, without a socket, what the first connection would be late for. */
    void rehearse() {
        if (plan.tls() != null) {
            plan.tls().rehearse();
        }
        if (plan.exchange() instanceof Http http) {
            new HttpReader(http.method()).rehearse();
        }
    }

    /** What goes to one of the plan's targets. */
    Requests requests(InetSocketAddress target) {
        return Objects.requireNonNull(requests.get(target));
    }

    /** Of one connection's answers. */
    AnswerReader reader() {
        return AnswerReader.of(plan.exchange(), plan.payloadBytes());
    }

    /** For a channel that will be connected to one of the plan's targets. */
    Line line(SocketChannel channel, InetSocketAddress target) {
        Tls tls = plan.tls();
        SslHandler security = tls == null ? null : tls.handler(channel.alloc(), target);
        return new Line(channel, requests(target), reader(), security);
    }
}
