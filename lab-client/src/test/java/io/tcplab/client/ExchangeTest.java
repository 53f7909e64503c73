package io.tcplab.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What users write: read as meant, or refused with what to write instead. */
class ExchangeTest {
    @ParameterizedTest
    @ValueSource(strings = {"GET /hello?a=b", " GET  /hello?a=b ", "GET /hello?a=b HTTP/1.1"})
    void aRequestIsAMethodAndAPath(String text) {
        Http http = Http.parse(text);
        assertThat(http.method()).isEqualTo("GET");
        assertThat(http.path()).isEqualTo("/hello?a=b");
        assertThat(http.label()).isEqualTo("GET /hello?a=b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/hello            | the method is missing; write it as 'GET /path'",
                "''                | expected a method and a path",
                "GET               | expected a method and a path",
                "GET /a b          | %20 for a space",
                "GET / HTTP/2      | expected a method and a path",
                "get /hello        | write the method as GET",
                "G3T /hello        | no method",
                "GET hello         | the path must start with /",
                "GET http://a/b    | give the host by --target",
                "GET /grüße        | isn't ASCII",
                "CONNECT /         | a tunnel",
            })
    void aBadRequestIsRefused(String text, String said) {
        assertThatThrownBy(() -> Http.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(said);
    }

    @Test
    void aHeaderIsANameAndAValue() {
        assertThat(Http.Header.parse("Accept:  text/html ")).isEqualTo(new Http.Header("Accept", "text/html"));
        assertThat(Http.Header.parse("X-Empty:")).isEqualTo(new Http.Header("X-Empty", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Accept", ": text/html", "Two words: x", "X: a\nY: b", "X: grüße"})
    void aBadHeaderIsRefused(String text) {
        assertThatThrownBy(() -> Http.Header.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("write it as 'Name: value'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Connection: close", "content-length: 7", "Transfer-Encoding: chunked"})
    void whatTheLoadDecidesIsNoHeader(String text) {
        assertThatThrownBy(() -> Http.Header.parse(text)).hasMessageContaining("the load and the body decide it");
    }

    @Test
    void anAnswerIsASizeOrAnEndOrAnExpression() {
        assertThat(Expect.parse("7")).isEqualTo(new Expect.Bytes(7));
        assertThat(Expect.parse("close")).isEqualTo(new Expect.Close());
        assertThat(Expect.parse("\\+PONG\r\n")).isInstanceOf(Expect.Regex.class);
        assertThat(Expect.parse("[7]").label()).isEqualTo("[7]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0    | 0 bytes is less than 1",
                "''   | a number of bytes, close, or a regular expression",
                "a(b  | a(b is no regular expression: Unclosed group at character",
            })
    void aBadAnswerIsRefused(String text, String said) {
        assertThatThrownBy(() -> Expect.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(said);
    }

    @Test
    void anEmptyFileIsNothingToSend() {
        assertThatThrownBy(() -> new Script("ping", ByteBuffer.allocate(0), new Expect.Close()))
                .hasMessage("ping is empty: there is nothing to send");
    }

    @Test
    void aLoadSaysWhatItDoesWithAnExchange() {
        Script ping = new Script("ping", ByteBuffer.wrap(new byte[6]), new Expect.Bytes(7));
        assertThat(new ShortLived().summary(Http.parse("GET /")))
                .isEqualTo("connects, sends GET / and reads the response, once, then closes: the client closes first");
        assertThat(new KeepAlive().summary(ping))
                .startsWith("sends ping (6 bytes) and reads 7 bytes, again and again over a pool of 16 connections");
    }
}
