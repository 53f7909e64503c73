package io.tcplab.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpVersion;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Set;

/**
 * The bytes of each request to one target, made once: encoding them again and again would be work of the generator that its
 * figures would show.
 *
 * @param each all but the last request on a connection
 * @param last the last one
 */
record Requests(Payload each, Payload last) {
    private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    static Requests of(LoadPlan plan, InetSocketAddress target) {
        return switch (plan.exchange()) {
            case Echo it -> always(new Payload(plan.payloadBytes()));
            case Script it -> always(new Payload(it.bytes()));
            case Http it -> {
                String host = host(target, plan.tls() == null ? HTTP_PORT : HTTPS_PORT);
                Payload open = encoded(it, host, false);
                boolean serverCloses =
                        plan.load() instanceof ShortLived load && load.closesFirst() == ShortLived.Closer.SERVER;
                yield new Requests(open, serverCloses ? encoded(it, host, true) : open);
            }
        };
    }

    private static Requests always(Payload payload) {
        return new Requests(payload, payload);
    }

    private static Payload encoded(Http http, String host, boolean close) {
        FullHttpRequest request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1,
                HttpMethod.valueOf(http.method()),
                http.path(),
                Unpooled.wrappedBuffer(http.body()),
                DefaultHttpHeadersFactory.headersFactory(),
                DefaultHttpHeadersFactory.trailersFactory());
        HttpHeaders headers = request.headers();
        headers.set(HttpHeaderNames.HOST, host)
                .set(HttpHeaderNames.USER_AGENT, "tcp-lab")
                .set(HttpHeaderNames.ACCEPT, "*/*");
        http.headers().forEach(header -> headers.remove(header.name()));
        http.headers().forEach(header -> headers.add(header.name(), header.value()));
        if (http.body().hasRemaining() || WITH_BODY.contains(http.method())) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, http.body().remaining());
        }
        if (close) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        return new Payload(bytes(request));
    }

    private static ByteBuffer bytes(FullHttpRequest request) {
        EmbeddedChannel encoder = new EmbeddedChannel(new HttpRequestEncoder());
        ByteBuf all = Unpooled.buffer();
        encoder.writeOutbound(request);
        for (ByteBuf part = encoder.readOutbound(); part != null; part = encoder.readOutbound()) {
            all.writeBytes(part);
            part.release();
        }
        encoder.finishAndReleaseAll();
        return all.nioBuffer();
    }

    /** As the user named it; without the port where the scheme implies it (RFC 9110, section 7.2). */
    private static String host(InetSocketAddress target, int usualPort) {
        String name = target.getHostString();
        String host = target.getAddress() instanceof Inet6Address && name.contains(":") ? "[" + name + "]" : name;
        return target.getPort() == usualPort ? host : host + ":" + target.getPort();
    }
}
