package io.tcplab.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.containers.LineOutput;
import io.tcplab.containers.MonotonicOffset;
import io.tcplab.containers.agent.Caller;
import io.tcplab.containers.agent.Relay;
import io.tcplab.containers.agent.Trials;
import io.tcplab.containers.protocol.Call;
import io.tcplab.containers.protocol.Frames;
import io.tcplab.containers.protocol.Greeting;
import io.tcplab.containers.protocol.Hello;
import io.tcplab.containers.protocol.MessageReader;
import io.tcplab.experiments.EvidenceMissing;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A relay and agents in this process, over loopback. */
class RelayLineTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final PipedOutputStream toRelay = new PipedOutputStream();
    private final PipedInputStream fromLab = new PipedInputStream();
    private final RelayLine line = new RelayLine("key", this::send);
    private final Thread relay = Thread.ofPlatform().unstarted(this::relay);
    private InetSocketAddress address = new InetSocketAddress(0);

    @BeforeEach
    void start() throws Exception {
        fromLab.connect(toRelay);
        relay.start();
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), line.port(PATIENCE));
    }

    @AfterEach
    void end() throws Exception {
        toRelay.close();
        relay.join();
    }

    @Test
    void agentsThatCallAreKnownByRoleAndNumber() throws Exception {
        call(new Hello("key", "client", 2, "b"), PATIENCE);
        call(new Hello("key", "client", 10, "c"), PATIENCE);
        call(new Hello("key", "server", 1, "a"), PATIENCE);
        Collection<Member> members = line.await(3, PATIENCE);

        assertThat(members).extracting(Member::name).containsExactly("client 2 (b)", "client 10 (c)", "the server (a)");
        for (Member member : members) {
            assertThat(member.link().greeting().version())
                    .isEqualTo(member.hello().node());
            assertThat(member.address()).isEqualTo(InetAddress.getLoopbackAddress());
            MonotonicOffset clock = MonotonicOffset.of(member.link(), "another kernel");
            assertThat(Math.abs(clock.nanos())).isLessThanOrEqualTo(clock.error());
        }
    }

    @Test
    void strangersAndSecondComersAreSentAway() throws Exception {
        call(new Hello("key", "client", 1, "first"), PATIENCE);
        line.await(1, PATIENCE);
        call(new Hello("key", "client", 1, "second"), PATIENCE).join();
        call(new Hello("other", "client", 2, "stranger"), PATIENCE).join();

        assertThat(line.await(1, PATIENCE)).extracting(Member::name).containsExactly("client 1 (first)");
    }

    /** Anybody in the agents' network can reach the relay. */
    @Test
    void strangersAreFewAndHoldUpNoAgent() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                silent.add(new Socket(address.getAddress(), address.getPort()));
            }
            for (int length : List.of(-1, Integer.MAX_VALUE, Frames.MOST_BYTES, 5_000)) {
                try (Socket mistaken = new Socket(address.getAddress(), address.getPort())) {
                    mistaken.getOutputStream()
                            .write(ByteBuffer.allocate(4).putInt(length).array());
                    assertThat(isHungUpOn(mistaken)).isTrue();
                }
            }
            call(new Hello("key", "client", 1, "a"), PATIENCE);

            assertThat(line.await(1, PATIENCE)).extracting(Member::name).containsExactly("client 1 (a)");
            assertThat(isHungUpOn(silent.getFirst())).isTrue();
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    private static boolean isHungUpOn(Socket socket) throws IOException {
        socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
        return socket.getInputStream().read() == -1;
    }

    @Test
    void anAgentThatEndsIsLost() throws Exception {
        Member member;
        try (Socket agent = new Socket(address.getAddress(), address.getPort())) {
            agent.getOutputStream().write(Frames.around(new Hello("key", "client", 1, "a").toBytes()));
            member = line.await(1, PATIENCE).iterator().next();
        }

        assertThatThrownBy(() -> MonotonicOffset.of(member.link(), "another kernel"))
                .isInstanceOf(EvidenceMissing.class)
                .hasMessageContaining("client 1 (a) is lost: its connection");
    }

    /** As one whose machine is cut off: nothing says that its connection has ended. */
    @Test
    void anAgentThatFallsSilentIsLost() throws Exception {
        try (Socket agent = new Socket(address.getAddress(), address.getPort());
                Heartbeat heartbeat = new Heartbeat(Duration.ofMillis(1), Duration.ofMillis(50))) {
            call(new Hello("key", "client", 2, "b"), PATIENCE);
            agent.getOutputStream().write(Frames.around(new Hello("key", "client", 1, "a").toBytes()));
            agent.getOutputStream().write(Frames.around(new Greeting(Greeting.PROTOCOL, "lab", "boot").toBytes()));
            List<Member> members = List.copyOf(line.await(2, PATIENCE));
            members.forEach(member -> member.link().greeting());
            heartbeat.start(List.of(members.getFirst().link()));

            assertThatThrownBy(() -> members.getFirst().link().ask(Call.STATES, MessageReader::number))
                    .isInstanceOf(EvidenceMissing.class)
                    .hasMessageContaining(
                            "client 1 (a) is lost: it has said nothing for 0 s, as if its machine were cut off");
            members.getLast().link().probe(PATIENCE);
            assertThat(members.getLast().link().lost()).isEmpty();
        }
    }

    @Test
    void allAreLostWithTheRelay() throws Exception {
        call(new Hello("key", "client", 1, "a"), PATIENCE);
        Member member = line.await(1, PATIENCE).iterator().next();
        line.cut("the container has ended");

        assertThatThrownBy(() -> line.await(2, PATIENCE)).hasMessage("the relay is lost: the container has ended");
        assertThatThrownBy(() -> MonotonicOffset.of(member.link(), "another kernel"))
                .hasMessageContaining("the relay is lost");
    }

    private Thread call(Hello hello, Duration lifetime) {
        Thread agent = Thread.ofPlatform().daemon().unstarted(() -> {
            try {
                Caller.serve(address, hello, hello.node(), lifetime, Trials.NONE);
            } catch (IOException closed) {
                // by the lifetime, or by the relay
            }
        });
        agent.start();
        return agent;
    }

    private void send(byte[] bytes) {
        try {
            toRelay.write(bytes);
            toRelay.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void relay() {
        try (fromLab) {
            Relay.serve(fromLab, new LineOutput(line));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
