package io.tcplab.containers.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.client.Load;
import io.tcplab.client.LoadPlan;
import io.tcplab.client.LoadTimings;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.kernel.support.FuzzTarget;
import io.tcplab.kernel.support.FuzzTests;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** Any bytes in place of what an agent or its lab sends. */
class ProtocolFuzzTest extends FuzzTests {
    private static final InetSocketAddress SOMEWHERE = new InetSocketAddress(InetAddress.ofLiteral("198.18.1.2"), 4711);

    static List<FuzzTarget> targets() {
        byte[] frames = Frames.around(new byte[] {1, 2, 3});
        LoadPlan plan = LoadPlan.of(Load.parse("short-lived"), SOMEWHERE);
        Relayed call = new Relayed.Opened(1, SOMEWHERE.getAddress(), new Hello("key", "client", 2, "node"));
        SocketQuery query = SocketQuery.ofStates(TcpState.CLOSE_WAIT).withTcpInfo();
        byte[] empty = written(out -> {
            out.number(1);
            out.each(List.of(new byte[72]), MessageWriter::bytes);
            out.each(List.of(), MessageWriter::bytes);
            out.flag(true);
        });
        return List.of(
                new FuzzTarget(
                        "agent's frames",
                        List.of(frames),
                        bytes -> {
                            try {
                                Frames.read(new ByteArrayInputStream(bytes));
                            } catch (IOException e) {
                                return; // the stream ended inside a frame
                            }
                            new Frames.Assembler(message -> {}).add(bytes);
                        },
                        MalformedMessage.class),
                message("agent's plans", written(out -> Values.write(out, plan)), Values::loadPlan),
                new FuzzTarget(
                        "relayed messages",
                        List.of(
                                call.toBytes(),
                                Relayed.Data.of(2, new byte[] {1, 2, 3}).toBytes()),
                        bytes -> assertThat(Relayed.of(bytes)).isNotNull(),
                        MalformedMessage.class),
                message(
                        "agent's distributions",
                        written(out -> Values.write(out, LoadTimings.none())),
                        Values::loadTimings),
                message("agent's queries", written(out -> Values.write(out, query)), Values::socketQuery),
                message("agent's censuses", empty, Values::rawCensus),
                message("agent's states", empty, Values::stateCounts),
                message("agent's counters", empty, Values::counters),
                message("agent's reports", empty, Values::loadReport));
    }

    private static FuzzTarget message(String name, byte[] seed, Function<MessageReader, ?> decoder) {
        return new FuzzTarget(
                name,
                List.of(seed),
                bytes -> {
                    MessageReader reader = new MessageReader(bytes);
                    assertThat(decoder.apply(reader)).isNotNull();
                    reader.end();
                },
                MalformedMessage.class);
    }

    private static byte[] written(Consumer<MessageWriter> content) {
        MessageWriter out = new MessageWriter();
        content.accept(out);
        return out.toBytes();
    }
}
