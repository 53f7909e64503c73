package io.tcplab.serve;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpContent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A browser that listens. It has one frame to send at most: a newer one takes the place of one that couldn't be sent yet. So a slow
 * browser loses frames, and nothing waits for it.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a browser that has gone needs no answer
final class Subscriber extends ChannelInboundHandlerAdapter {
    /** One that takes nothing for so long is gone, and should leave its place to others. */
    private static final long PATIENCE_NANOS = Duration.ofMinutes(1).toNanos();

    private final Channel channel;
    private final AtomicReference<byte @Nullable []> next = new AtomicReference<>();
    private volatile long sentNanos = System.nanoTime();

    Subscriber(Channel channel) {
        this.channel = channel;
    }

    /** Called by the publisher's thread; returns at once. */
    void offer(byte[] frame) {
        if (next.getAndSet(frame) == null) {
            channel.eventLoop().execute(this::sendIfWritable);
        } else if (System.nanoTime() - sentNanos > PATIENCE_NANOS) {
            channel.close();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        sendIfWritable();
        context.fireChannelWritabilityChanged();
    }

    private void sendIfWritable() {
        if (channel.isWritable()) {
            byte[] frame = next.getAndSet(null);
            if (frame != null) {
                sentNanos = System.nanoTime();
                channel.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(frame)));
            }
        }
    }

    /** An event as browsers expect it: https://html.spec.whatwg.org/multipage/server-sent-events.html. */
    static byte[] event(String name, String json) {
        return ("event: " + name + "\ndata: " + json + "\n\n").getBytes(StandardCharsets.UTF_8);
    }
}
