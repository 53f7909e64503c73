package io.tcplab.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Complete after a final response, as Netty's codec delimits it; interim ones (RFC 9110, section 15.2) are passed over. */
final class HttpReader implements AnswerReader {
    /** How an operation fails whose answer isn't HTTP. */
    static final String MALFORMED = "HTTP malformed";

    private final boolean headOnly;
    private @Nullable HttpResponse response;

    HttpReader(String method) {
        headOnly = method.equals(HttpMethod.HEAD.name());
    }

    @Override
    public List<ChannelHandler> decoders(IntConsumer received) {
        return List.of(new Decoder(received));
    }

    @Override
    public void begin() {
        response = null;
    }

    @Override
    public void requested() {
        response = null;
    }

    @Override
    public @Nullable Answer read(Object message) {
        HttpObject part = (HttpObject) message;
        if (part.decoderResult().isFailure()) {
            // The connection's end says it better.
            return part.decoderResult().cause() instanceof PrematureChannelClosureException
                    ? null
                    : Answer.broken(MALFORMED);
        }
        if (part instanceof HttpResponse head) {
            response = isInterim(head.status()) ? null : head;
        }
        return part instanceof LastHttpContent && response != null ? answer(response) : null;
    }

    /** Reads a response that nobody sent. */
    void rehearse() {
        EmbeddedChannel channel = new EmbeddedChannel(new Decoder(size -> {}));
        channel.writeInbound(
                Unpooled.copiedBuffer("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n.", StandardCharsets.US_ASCII));
        for (Object part = channel.readInbound(); part != null; part = channel.readInbound()) {
            read(part);
            ReferenceCountUtil.release(part);
        }
        channel.finishAndReleaseAll();
        response = null;
    }

    private static Answer answer(HttpResponse response) {
        HttpResponseStatus status = response.status();
        boolean failed = status.codeClass() == HttpStatusClass.CLIENT_ERROR
                || status.codeClass() == HttpStatusClass.SERVER_ERROR
                || status.codeClass() == HttpStatusClass.UNKNOWN;
        String name = "HTTP " + status.code();
        return new Answer(name, failed ? name : null, HttpUtil.isKeepAlive(response));
    }

    private static boolean isInterim(HttpResponseStatus status) {
        return status.codeClass() == HttpStatusClass.INFORMATIONAL
                && status.code() != HttpResponseStatus.SWITCHING_PROTOCOLS.code();
    }

    /** Netty's, which only has to know that a response to HEAD has no body whatever its length says. */
    private final class Decoder extends HttpResponseDecoder {
        private final IntConsumer received;

        Decoder(IntConsumer received) {
            this.received = received;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) throws Exception {
            received.accept(((ByteBuf) bytes).readableBytes());
            super.channelRead(context, bytes);
        }

        @Override
        protected boolean isContentAlwaysEmpty(HttpMessage message) {
            return headOnly || super.isContentAlwaysEmpty(message);
        }
    }
}
