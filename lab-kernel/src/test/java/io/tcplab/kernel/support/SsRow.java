package io.tcplab.kernel.support;

import io.tcplab.kernel.netns.Namespace;
import java.io.IOException;
import java.util.List;

/**
 * A row of {@code ss -tanH}: what an independent program says of a socket.
 *
 * @param state in the spelling of ss, "FIN-WAIT-2"
 */
public record SsRow(String state, long recvQueue, long sendQueue, int localPort, int peerPort) {
    /** Runs ss inside the namespace. */
    public static List<SsRow> in(Namespace namespace) throws IOException, InterruptedException {
        return Command.in(namespace, "ss", "-tanH").stream().map(SsRow::parse).toList();
    }

    private static SsRow parse(String line) {
        List<String> columns = List.of(line.trim().split("\\s+"));
        return new SsRow(
                columns.get(0),
                Long.parseLong(columns.get(1)),
                Long.parseLong(columns.get(2)),
                port(columns.get(3)),
                port(columns.get(4)));
    }

    /** What is behind the last colon; ss prints "*" for no port. */
    private static int port(String endpoint) {
        String port = endpoint.substring(endpoint.lastIndexOf(':') + 1);
        return port.equals("*") ? 0 : Integer.parseInt(port);
    }
}
