package io.tcplab.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where answers end, whatever pieces they come in. */
class AnswerReaderTest {
    private static final Answer OK = new Answer("HTTP 200", null, true);

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1000})
    void aResponseEndsWhereItsLengthSays(int piece) {
        String response = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
        Wire wire = new Wire("GET");
        assertThat(wire.arrives(response, piece)).containsExactly(OK);
        assertThat(wire.arrives(response, piece)).containsExactly(OK);
        assertThat(wire.received).isEqualTo(2 * response.length());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1000})
    void aChunkedResponseEndsWithItsLastChunk(int piece) {
        assertThat(new Wire("GET")
                        .arrives("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", piece))
                .containsExactly(OK);
    }

    @Test
    void aResponseWithoutALengthEndsWithTheConnection() {
        Wire wire = new Wire("GET");
        assertThat(wire.arrives("HTTP/1.0 200 OK\r\n\r\nhello", 4)).isEmpty();
        assertThat(wire.ends()).containsExactly(new Answer("HTTP 200", null, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
                "HTTP/1.1 200 OK\r\nContent-Le",
                "HTTP/1.1 2",
            })
    void aResponseThatIsCutShortIsNoAnswer(String response) {
        Wire wire = new Wire("GET");
        assertThat(wire.arrives(response, 1000)).isEmpty();
        assertThat(wire.ends()).isEmpty();
    }

    @Test
    void aResponseToHeadHasNoBody() {
        assertThat(new Wire("HEAD").arrives("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 1000))
                .containsExactly(OK);
    }

    @Test
    void interimResponsesArePassedOver() {
        String responses = """
                HTTP/1.1 103 Early Hints\r
                Link: </a>\r
                \r
                HTTP/1.1 204 No Content\r
                \r
                """;
        assertThat(new Wire("GET").arrives(responses, 1000)).containsExactly(new Answer("HTTP 204", null, true));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 499, 500, 503, 599, 600, 999})
    void errorsFail(int status) {
        assertThat(new Wire("GET").arrives("HTTP/1.1 " + status + " No\r\nContent-Length: 0\r\n\r\n", 1000))
                .containsExactly(new Answer("HTTP " + status, "HTTP " + status, true));
    }

    @ParameterizedTest
    @ValueSource(ints = {101, 200, 206, 301, 304})
    void allElseCompletes(int status) {
        assertThat(new Wire("GET").arrives("HTTP/1.1 " + status + " Yes\r\nContent-Length: 0\r\n\r\n", 1000))
                .containsExactly(new Answer("HTTP " + status, null, true));
    }

    @Test
    void theServerMayEndTheConnection() {
        assertThat(new Wire("GET").arrives("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", 1000))
                .containsExactly(new Answer("HTTP 200", null, false));
    }

    @Test
    void whatIsNoHttpFails() {
        assertThat(new Wire("GET").arrives("-ERR unknown command\r\n\r\n", 1000))
                .contains(Answer.broken("HTTP malformed"));
    }

    @Test
    void anExpressionMatchesOverPieces() {
        RegexReader reader = new RegexReader(Pattern.compile("\\+PONG\r\n"));
        reader.begin();
        reader.requested();
        assertThat(read(reader, "+PO")).isNull();
        assertThat(read(reader, "NG\r\n")).isEqualTo(Answer.PLAIN);
        reader.requested();
        assertThat(read(reader, "+PO")).isNull();
    }

    @Test
    void anExpressionIsNotLookedForWithoutEnd() {
        RegexReader reader = new RegexReader(Pattern.compile("never"));
        reader.requested();
        String piece = "x".repeat(1 << 16);
        for (int i = 0; i < 16; i++) {
            assertThat(read(reader, piece)).isNull();
        }
        assertThat(read(reader, "x")).isEqualTo(Answer.broken("no match in 1 MiB"));
    }

    @Test
    void bytesAreCountedForEachRequest() {
        CountReader reader = new CountReader(4);
        reader.begin();
        reader.requested();
        assertThat(read(reader, "123")).isNull();
        assertThat(read(reader, "4")).isEqualTo(Answer.PLAIN);
        reader.requested();
        assertThat(read(reader, "123")).isNull();
        reader.begin();
        reader.requested();
        assertThat(read(reader, "123")).as("a new operation").isNull();
    }

    private static @Nullable Answer read(AnswerReader reader, String text) {
        ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
        try {
            return reader.read(bytes);
        } finally {
            bytes.release();
        }
    }

    /** A channel that an HTTP reader listens to. */
    private static final class Wire {
        private final HttpReader reader;
        private final List<Answer> answers = new ArrayList<>();
        private final EmbeddedChannel channel;
        private int received;

        Wire(String method) {
            reader = new HttpReader(method);
            channel = new EmbeddedChannel(
                    reader.decoders(size -> received += size).toArray(ChannelHandler[]::new));
            channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object message) {
                    Answer answer = reader.read(message);
                    ReferenceCountUtil.release(message);
                    if (answer != null) {
                        answers.add(answer);
                    }
                }
            });
            reader.begin();
        }

        List<Answer> arrives(String text, int piece) {
            answers.clear();
            reader.requested();
            for (int from = 0; from < text.length(); from += piece) {
                channel.writeInbound(Unpooled.copiedBuffer(
                        text.substring(from, Math.min(from + piece, text.length())), StandardCharsets.US_ASCII));
            }
            return List.copyOf(answers);
        }

        List<Answer> ends() {
            answers.clear();
            channel.finishAndReleaseAll();
            return List.copyOf(answers);
        }
    }
}
