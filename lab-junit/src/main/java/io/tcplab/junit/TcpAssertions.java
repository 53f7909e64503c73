package io.tcplab.junit;

/**
 * Where assertions about sockets begin, beside AssertJ's own:
 *
 * <pre>{@code
 * import static io.tcplab.junit.TcpAssertions.assertThat;
 *
 * assertThat(cell.server().sockets()).onPort(8080).haveNone(CLOSE_WAIT).within(ofSeconds(5));
 * }</pre>
 */
public final class TcpAssertions {
    private TcpAssertions() {}

    /**
     * Begins an assertion about these sockets.
     *
     * @throws IllegalStateException if the one that this thread began before has no end: see {@link TimedAssert}
     */
    public static TcpSocketsAssert assertThat(TcpSockets sockets) {
        TimedAssert.requireNoneUnfinished();
        return new TcpSocketsAssert(sockets);
    }

    /** Begins an assertion about a host's sockets. */
    public static TcpSocketsAssert assertThat(TcpHost host) {
        return assertThat(host.sockets());
    }
}
