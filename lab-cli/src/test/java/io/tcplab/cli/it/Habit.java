package io.tcplab.cli.it;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** What a hostile peer does with its connection, a bit at a time. */
enum Habit {
    /** Connects and says nothing: as a peer whose machine has gone. */
    SILENT(500) {
        @Override
        boolean act(SocketChannel peer, int turn, boolean http) {
            return true;
        }
    },
    /** A byte of a request at a time. */
    SLOW(1_000) {
        @Override
        boolean act(SocketChannel peer, int turn, boolean http) throws IOException {
            String request = "GET / HTTP/1.1\r\nHost: localhost\r\nX: ";
            byte next = turn < request.length() ? (byte) request.charAt(turn) : (byte) 'x';
            write(peer, new byte[] {next});
            return true;
        }
    },
    /** A connection that is reset as soon as it is there. */
    FLOOD(10) {
        @Override
        boolean act(SocketChannel peer, int turn, boolean http) {
            return false;
        }
    },
    /** The end at once, and then a peer that stays. */
    HALF_CLOSED(500) {
        @Override
        boolean act(SocketChannel peer, int turn, boolean http) throws IOException {
            if (turn == 0) {
                peer.shutdownOutput();
            }
            return true;
        }
    },
    /** Sends as much as is taken and reads nothing; to HTTP, one request after another. */
    DEAF(50) {
        @Override
        boolean act(SocketChannel peer, int turn, boolean http) throws IOException {
            write(peer, http ? PIPELINE : FILLING);
            return true;
        }

        @Override
        boolean reads() {
            return false;
        }
    },
    /** Any bytes. */
    GARBAGE(50) {
        @Override
        boolean act(SocketChannel peer, int turn, boolean http) throws IOException {
            byte[] bytes = new byte[512];
            new Random(turn * 31L + 7).nextBytes(bytes);
            write(peer, bytes);
            return turn < 20;
        }
    },
    /** A URI without end. */
    URI(50) {
        @Override
        boolean act(SocketChannel peer, int turn, boolean http) throws IOException {
            write(peer, turn == 0 ? bytes("GET /") : FILLING);
            return true;
        }
    },
    /** Headers without end. */
    HEADERS(50) {
        @Override
        boolean act(SocketChannel peer, int turn, boolean http) throws IOException {
            write(peer, bytes(turn == 0 ? "GET / HTTP/1.1\r\n" : ("X-" + turn + ": y\r\n").repeat(20)));
            return true;
        }
    },
    /** A body without end, in chunks. */
    CHUNKS(50) {
        @Override
        boolean act(SocketChannel peer, int turn, boolean http) throws IOException {
            write(
                    peer,
                    bytes(
                            turn == 0
                                    ? "POST /metrics HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    : "400\r\n" + "x".repeat(0x400) + "\r\n"));
            return true;
        }
    },
    /** A body that is said to be larger than any memory. */
    LENGTH(50) {
        @Override
        boolean act(SocketChannel peer, int turn, boolean http) throws IOException {
            String head = "POST /start HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000000000000000\r\n\r\n";
            write(peer, turn == 0 ? bytes(head) : FILLING);
            return true;
        }
    },
    /** What is no request at all, or two at once. */
    MALFORMED(50) {
        @Override
        boolean act(SocketChannel peer, int turn, boolean http) throws IOException {
            if (turn == 0) {
                write(peer, bytes(NONSENSE.get(Math.floorMod(peer.hashCode(), NONSENSE.size()))));
            }
            return turn < 5;
        }
    },
    /** Asks for a WebSocket, and sends a frame of 2^63 - 1 bytes (RFC 6455, 5.2). */
    GIANT_FRAME(50) {
        @Override
        boolean act(SocketChannel peer, int turn, boolean http) throws IOException {
            byte[] frame = {(byte) 0x82, (byte) 0xff, 0x7f, -1, -1, -1, -1, -1, -1, -1, 1, 2, 3, 4};
            write(
                    peer,
                    switch (turn) {
                        case 0 -> UPGRADE;
                        case 1 -> frame;
                        default -> FILLING;
                    });
            return true;
        }
    },
    /** Asks for a WebSocket, and sends a message in fragments without end (RFC 6455, 5.4). */
    FRAGMENTS(50) {
        @Override
        boolean act(SocketChannel peer, int turn, boolean http) throws IOException {
            byte first = turn == 1 ? (byte) 0x02 : 0;
            write(peer, turn == 0 ? UPGRADE : new byte[] {first, (byte) 0x81, 1, 2, 3, 4, 5});
            return true;
        }
    };

    private static final byte[] FILLING = "x".repeat(128 << 10).getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PIPELINE =
            "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(100).getBytes(StandardCharsets.US_ASCII);
    private static final byte[] UPGRADE = """
            GET /events HTTP/1.1
            Host: localhost
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Version: 13

            """.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);

    private static final List<String> NONSENSE = List.of(
            "GET\r\n\r\n",
            "\r\n\r\n\r\n",
            "GET / HTTP/9.9\r\n\r\n",
            "GET /%zz%00%ff HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: [\r\n\r\n",
            "GET / HTTP/1.1\r\n no: header\r\n: :\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
            "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003");

    private final int restMillis;

    Habit(int restMillis) {
        this.restMillis = restMillis;
    }

    /**
     * The next bit.
     *
     * @param turn from 0, of this connection
     * @param http whether the other end speaks HTTP
     * @return whether the connection is kept; else it is reset, and another one opened
     */
    abstract boolean act(SocketChannel peer, int turn, boolean http) throws IOException;

    /** Whether it takes what it is sent. */
    boolean reads() {
        return true;
    }

    /** Between two bits. */
    int restMillis() {
        return restMillis;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** As much as the kernel takes; the rest isn't missed. */
    private static void write(SocketChannel peer, byte[] bytes) throws IOException {
        int taken = peer.write(ByteBuffer.wrap(bytes));
        assert taken >= 0;
    }
}
