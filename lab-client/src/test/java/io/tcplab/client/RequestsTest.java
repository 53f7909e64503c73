package io.tcplab.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bytes that go out. */
class RequestsTest {
    private static final InetSocketAddress TARGET = new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080);

    @Test
    void aRequestNamesItsHost() {
        assertThat(text(requests(Http.parse("GET /hello")).each())).isEqualTo("""
                GET /hello HTTP/1.1\r
                host: localhost:8080\r
                user-agent: tcp-lab\r
                accept: */*\r
                \r
                """);
    }

    @ParameterizedTest
    @CsvSource({
        "example.net, 80, false, example.net",
        "example.net, 443, true, example.net",
        "example.net, 443, false, example.net:443",
        "::1, 8080, false, [0:0:0:0:0:0:0:1]:8080",
    })
    void aUsualPortIsLeftOut(String name, int port, boolean tls, String host) throws Exception {
        InetAddress address = name.equals("example.net")
                ? InetAddress.getByAddress(name, new byte[] {127, 0, 0, 1})
                : InetAddress.getByName(name);
        LoadPlan plan = LoadPlan.of(new ShortLived(), new InetSocketAddress(address, port))
                .withExchange(Http.parse("GET /"))
                .withTls(tls ? Tls.trustingAll() : null);
        assertThat(text(Requests.of(plan, plan.targets().getFirst()).each())).contains("\r\nhost: " + host + "\r\n");
    }

    @Test
    void aHeaderReplacesAndRepeats() {
        Http http = Http.parse("GET /")
                .withHeader(Http.Header.parse("HOST: example.net"))
                .withHeader(Http.Header.parse("Cookie: a=1"))
                .withHeader(Http.Header.parse("Cookie: b=2"));
        assertThat(text(requests(http).each()))
                .contains("HOST: example.net\r\n", "Cookie: a=1\r\n", "Cookie: b=2\r\n")
                .doesNotContain("host: ");
    }

    @Test
    void aBodyHasItsLength() {
        Http http = Http.parse("POST /").withBody(ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII)));
        assertThat(text(requests(http).each()))
                .contains("content-length: 5\r\n")
                .endsWith("\r\n\r\nhello");
        assertThat(text(requests(Http.parse("POST /")).each())).contains("content-length: 0\r\n");
        assertThat(text(requests(Http.parse("GET /")).each())).doesNotContain("content-length");
    }

    @Test
    void onlyAServerThatClosesFirstIsAskedTo() {
        LoadPlan plan = plan(Http.parse("GET /"));
        assertThat(text(Requests.of(plan, TARGET).last())).doesNotContain("connection");
        Requests closing = Requests.of(plan.withLoad(new ShortLived(2, ShortLived.Closer.SERVER)), TARGET);
        assertThat(text(closing.each())).doesNotContain("connection");
        assertThat(text(closing.last())).contains("connection: close\r\n");
    }

    private static Requests requests(Http http) {
        return Requests.of(plan(http), TARGET);
    }

    private static LoadPlan plan(Http http) {
        return LoadPlan.of(new ShortLived(), TARGET).withExchange(http);
    }

    private static String text(Payload payload) {
        ByteBuf view = payload.view();
        return view.toString(StandardCharsets.US_ASCII);
    }
}
