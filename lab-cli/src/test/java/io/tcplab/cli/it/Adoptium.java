package io.tcplab.cli.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A stand-in for Adoptium's server, with one JDK; and for servers that are ill. */
final class Adoptium implements AutoCloseable {
    private static final String ASSETS = "/v3/assets/latest/25/hotspot";
    private static final String ARCHIVE = "/jdk.tar.gz";

    private final HttpServer server;
    private final byte[] archive;
    private final AtomicInteger fetched = new AtomicInteger();

    private Adoptium(HttpServer server, byte[] archive) {
        this.server = server;
        this.archive = archive;
    }

    /** Answers as Adoptium's API does. */
    static Adoptium serving(byte[] archive) throws IOException {
        return serving(archive, checksum(archive));
    }

    /** One whose checksum is what it is said to be. */
    static Adoptium serving(byte[] archive, String checksum) throws IOException {
        Adoptium adoptium = empty(archive);
        adoptium.server.createContext(ASSETS, exchange -> answer(exchange, adoptium.assets(checksum)));
        adoptium.server.createContext(ARCHIVE, exchange -> {
            adoptium.fetched.incrementAndGet();
            answer(exchange, archive);
        });
        return adoptium;
    }

    /** One whose archive ends half-way. */
    static Adoptium breakingOff(byte[] archive) throws IOException {
        return sendingHalf(archive, HttpExchange::close);
    }

    /** One whose archive doesn't come on after half of it. */
    static Adoptium stalling(byte[] archive) throws IOException {
        return sendingHalf(archive, exchange -> {});
    }

    private static Adoptium sendingHalf(byte[] archive, Consumer<HttpExchange> then) throws IOException {
        Adoptium adoptium = empty(archive);
        adoptium.server.createContext(ASSETS, exchange -> answer(exchange, adoptium.assets(checksum(archive))));
        adoptium.server.createContext(ARCHIVE, exchange -> {
            exchange.sendResponseHeaders(200, archive.length);
            exchange.getResponseBody().write(archive, 0, archive.length / 2);
            exchange.getResponseBody().flush();
            then.accept(exchange);
        });
        return adoptium;
    }

    /** One that has nothing. */
    static Adoptium empty() throws IOException {
        return empty(new byte[0]);
    }

    private static Adoptium empty(byte[] archive) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        return new Adoptium(server, archive);
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** How often the archive was asked for. */
    int fetched() {
        return fetched.get();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** As Adoptium's API answers, with what else stands there. */
    private byte[] assets(String checksum) {
        return """
                [{"binary": {"architecture": "x64", "image_type": "jdk", "os": "linux",
                  "package": {"checksum": "%s", "checksum_link": "%s%s.sha256.txt",
                    "link": "%s%s", "name": "jdk.tar.gz", "size": %d}}}]
                """.formatted(checksum, url(), ARCHIVE, url(), ARCHIVE, archive.length)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String checksum(byte[] archive) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(archive));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each JDK has SHA-256", e);
        }
    }

    private static void answer(HttpExchange exchange, byte[] body) throws IOException {
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
