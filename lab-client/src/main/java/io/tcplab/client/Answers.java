package io.tcplab.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a connection without a channel gives its bytes to: the {@link AnswerReader}, and before it Netty's decoder where the
 * exchange has one.
 */
final class Answers {
    private final AnswerReader reader;
    private final @Nullable EmbeddedChannel decoder;

    Answers(AnswerReader reader) {
        this.reader = reader;
        List<ChannelHandler> decoders = reader.decoders(size -> {});
        this.decoder = decoders.isEmpty() ? null : new EmbeddedChannel(decoders.toArray(ChannelHandler[]::new));
    }

    void begin() {
        reader.begin();
    }

    void requested() {
        reader.requested();
    }

    /** The answer, if these bytes complete it; they may be written over afterwards. */
    @Nullable
    Answer read(ByteBuf bytes) {
        if (decoder == null) {
            return reader.read(bytes);
        }
        decoder.writeInbound(Unpooled.copiedBuffer(bytes)); // it may keep what isn't a whole line yet
        return decoded(decoder);
    }

    /** The server's FIN was read: the answer, if it is complete by that. */
    @Nullable
    Answer ended() {
        Answer answer = null;
        if (decoder != null) {
            decoder.finish();
            answer = decoded(decoder);
        }
        return answer == null ? reader.ended() : answer;
    }

    void close() {
        if (decoder != null) {
            decoder.finishAndReleaseAll();
        }
    }

    private @Nullable Answer decoded(EmbeddedChannel from) {
        Answer answer = null;
        for (Object part = from.readInbound(); part != null; part = from.readInbound()) {
            if (answer == null) {
                answer = reader.read(part);
            }
            ReferenceCountUtil.release(part);
        }
        return answer;
    }
}
