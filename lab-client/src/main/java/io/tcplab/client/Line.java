package io.tcplab.client;

import io.netty.channel.ChannelHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

/**
 * A channel with what goes over it.
 *
 * @param requests its target's
 * @param answers recognises theirs
 * @param security null without TLS
 */
record Line(
        SocketChannel channel,
        Requests requests,
        AnswerReader answers,
        @Nullable SslHandler security) {
    /** Fills the pipeline, with {@code last} as its last handler. */
    void install(ConnectionHandler last) {
        if (security != null) {
            channel.pipeline().addLast(security);
        }
        channel.pipeline().addLast(answers.decoders(last::received).toArray(ChannelHandler[]::new));
        channel.pipeline().addLast(last);
    }
}
