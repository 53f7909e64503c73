package io.tcplab.client;

import io.netty.channel.ChannelHandler;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the end of each answer on a connection, which sends its next request only then. One for each connection; only its
 * loop calls it.
 */
sealed interface AnswerReader permits CountReader, CloseReader, RegexReader, HttpReader {
    static AnswerReader of(Exchange exchange, int payloadBytes) {
        return switch (exchange) {
            case Echo it -> new CountReader(payloadBytes);
            case Http it -> new HttpReader(it.method());
            case Script it ->
                switch (it.expect()) {
                    case Expect.Bytes bytes -> new CountReader(bytes.count());
                    case Expect.Close close -> new CloseReader();
                    case Expect.Regex regex -> new RegexReader(regex.pattern());
                };
        };
    }

    /**
     * What decodes the bytes before {@link #read} gets them. Without a decoder the connection itself counts bytes.
     *
     * @param received is to be called with the size of all that arrives
     */
    default List<ChannelHandler> decoders(IntConsumer received) {
        return List.of();
    }

    /** A new operation: what is left from the one before doesn't count. */
    void begin();

    /** A request goes out. */
    void requested();

    /** Something was read; the caller releases it. Null as long as the answer isn't complete. */
    @Nullable
    Answer read(Object message);

    /** The server's FIN was read. Null where the answer isn't complete by that. */
    default @Nullable Answer ended() {
        return null;
    }
}
