package io.tcplab.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.containers.agent.Agent;
import io.tcplab.containers.protocol.Call;
import io.tcplab.containers.protocol.Greeting;
import io.tcplab.containers.protocol.MessageReader;
import io.tcplab.experiments.EvidenceMissing;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A line to an agent in this process, which has no host: what a container adds is in the sandbox's test. */
class AgentLinkTest {
    private final AgentInput input = new AgentInput();
    private final StderrTail words = new StderrTail();
    private final AgentLink link = new AgentLink(
            "the agent in the client's container", input::add, () -> "; its last log lines: " + words.text());
    private final Thread agent = Thread.ofPlatform().unstarted(this::serve);

    @BeforeEach
    void start() {
        agent.start();
    }

    @AfterEach
    void end() throws InterruptedException {
        input.close();
        agent.join();
    }

    @Test
    void greetsAndAnswers() {
        assertThat(link.greeting()).isEqualTo(new Greeting(Greeting.PROTOCOL, "lab", Agent.bootId()));
        long before = System.nanoTime();
        long agents = link.ask(Call.CLOCK, MessageReader::number);
        assertThat(agents).isBetween(before, System.nanoTime());
    }

    @Test
    void clocksOfOneKernelAreTheSameAndOthersAreCompared() {
        assertThat(MonotonicOffset.of(link, Agent.bootId())).isEqualTo(new MonotonicOffset(0, 0));
        long before = System.nanoTime();
        long measured = MonotonicOffset.of(link, "another kernel").nanos();
        assertThat(Math.abs(measured)).isLessThanOrEqualTo(System.nanoTime() - before);
    }

    @Test
    void whatTheAgentRefusesIsThrownHere() {
        assertThatThrownBy(() -> link.ask(Call.STATES, MessageReader::number))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("isn't open");
    }

    @Test
    void anInterruptDoesNotKeepAnAnswerFromComing() {
        Thread.currentThread().interrupt();
        assertThat(link.ask(Call.CLOCK, MessageReader::number)).isPositive();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aLostAgentIsMissingEvidenceWithItsLastWords() throws InterruptedException {
        link.greeting();
        words.add("one\ntwo\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        input.close();
        agent.join();

        assertThatThrownBy(() -> link.ask(Call.CLOCK, MessageReader::number))
                .isInstanceOf(EvidenceMissing.class)
                .hasMessageContaining("client's container")
                .hasMessageContaining("one | two");
    }

    private void serve() {
        try (OutputStream out = new ByPieces()) {
            Agent.serve(input, out, "lab");
            link.cut("it has ended");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Hands on what is written as the engine does: in pieces that end anywhere. */
    private final class ByPieces extends OutputStream {
        @Override
        public void write(int one) {
            link.arrived(new byte[] {(byte) one});
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            int half = offset + length / 2;
            link.arrived(Arrays.copyOfRange(bytes, offset, half));
            link.arrived(Arrays.copyOfRange(bytes, half, offset + length));
        }
    }
}
