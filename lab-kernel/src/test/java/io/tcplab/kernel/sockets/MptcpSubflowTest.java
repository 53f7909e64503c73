package io.tcplab.kernel.sockets;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** TCP sockets that name an MPTCP socket which isn't listed: it may have been made between the kernel's two lists. */
class MptcpSubflowTest {
    private static final short INET_DIAG_ULP_INFO = 19;
    private static final short INET_ULP_INFO_MPTCP = 3;
    private static final short MPTCP_SUBFLOW_ATTR_TOKEN_LOC = 2;

    @Test
    void anOpenOneOfASocketThatIsNewIsNoProgramsOwn() {
        assertThat(isSubflow(naming("established-inet", 4711))).isTrue();
    }

    /** Its socket may be gone, and then nothing else tells of the connection. */
    @Test
    void oneThatIsPastItsPrimeIsTold() {
        assertThat(isSubflow(naming("close_wait-v4mapped", 4711))).isFalse();
    }

    @Test
    void whatNamesNoneIsPlainTcp() {
        assertThat(isSubflow(Fixture.message("established-inet"))).isFalse();
        assertThat(isSubflow(naming("established-inet", 0))).isFalse();
    }

    private static boolean isSubflow(ByteBuffer tcp) {
        return new MptcpSockets(List.of()).subflows().take(tcp);
    }

    /** The message with the attributes of a subflow, one within the other. */
    private static ByteBuffer naming(String fixture, int token) {
        ByteBuffer message = Fixture.message(fixture);
        ByteBuffer naming = ByteBuffer.allocate(message.remaining() + 16).order(message.order());
        naming.put(message);
        naming.putShort((short) 16).putShort(INET_DIAG_ULP_INFO);
        naming.putShort((short) 12).putShort(INET_ULP_INFO_MPTCP);
        naming.putShort((short) 8).putShort(MPTCP_SUBFLOW_ATTR_TOKEN_LOC).putInt(token);
        return naming.flip();
    }
}
