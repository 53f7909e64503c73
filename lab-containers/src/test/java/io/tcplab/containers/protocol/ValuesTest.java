package io.tcplab.containers.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.client.Load;
import io.tcplab.client.LoadPlan;
import io.tcplab.client.LoadReport;
import io.tcplab.client.LoadTimings;
import io.tcplab.client.Percentiles;
import io.tcplab.client.Stop;
import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.cell.ServeOptions;
import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.calls.CallResult;
import io.tcplab.kernel.counters.Counters;
import io.tcplab.kernel.sockets.ProcNetTcp;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.StateCounts;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.transport.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written is read back, and what isn't a message is refused. */
class ValuesTest {
    private static final InetSocketAddress SOMEWHERE = new InetSocketAddress(InetAddress.ofLiteral("198.18.1.2"), 4711);

    @ParameterizedTest
    @MethodSource("loads")
    void everyLoadGoesInItsPlan(Load load) {
        LoadPlan plan = LoadPlan.of(load, SOMEWHERE, new InetSocketAddress(InetAddress.ofLiteral("::1"), 1))
                .withSources(List.of(new InetSocketAddress(InetAddress.ofLiteral("198.18.1.3"), 0)))
                .withRate(12.5)
                .withConcurrency(7)
                .withStop(new Stop.AfterDuration(Duration.ofNanos(1_500_000_001)))
                .withTransport(Transport.NIO)
                .withConnectTimeout(Duration.ofMillis(3))
                .withLingerZero(true);

        assertThat(again(plan, Values::write, Values::loadPlan)).isEqualTo(plan);
        LoadPlan counted = plan.withStop(new Stop.AfterCount(9));
        assertThat(again(counted, Values::write, Values::loadPlan)).isEqualTo(counted);
    }

    static List<Load> loads() {
        return Load.all();
    }

    @Test
    void aReportIsWhole() {
        LoadReport report = new LoadReport(
                1,
                2,
                3,
                4,
                5,
                Map.of("ECONNRESET", 6L, "EOF", 7L),
                Map.of("HTTP 200", 5L),
                8,
                9,
                10,
                11,
                new Percentiles(1, 2, 3.5, 4, 5, 6, 7, 8),
                new Percentiles(9, 10, 11.5, 12, 13, 14, 15, 16),
                new Percentiles(17, 18, 19.5, 20, 21, 22, 23, 24),
                Duration.ofNanos(5_000_000_007L));

        assertThat(again(report, Values::write, Values::loadReport)).isEqualTo(report);
    }

    @Test
    void evidenceIsWhole() {
        SocketQuery query = SocketQuery.ofStates(TcpState.CLOSE_WAIT, TcpState.TIME_WAIT)
                .withLocalPort(80)
                .withTcpInfo();
        StateCounts counts = new StateCounts(7, Map.of(TcpState.LISTEN, 1, TcpState.ESTABLISHED, 2), false);
        Counters counters = new Counters(8, Map.of("TcpOutRsts", -3L));
        ProcNetTcp.Line line = new ProcNetTcp.Line(TcpState.SYN_RECV, 99);
        ServeOptions options = new ServeOptions(3, Transport.IO_URING);

        assertThat(again(query, Values::write, Values::socketQuery)).isEqualTo(query);
        assertThat(again(SocketQuery.all(), Values::write, Values::socketQuery)).isEqualTo(SocketQuery.all());
        assertThat(again(counts, Values::write, Values::stateCounts)).isEqualTo(counts);
        assertThat(again(counters, Values::write, Values::counters)).isEqualTo(counters);
        assertThat(again(line, Values::write, Values::procNetTcpLine)).isEqualTo(line);
        assertThat(again(options, Values::write, Values::serveOptions)).isEqualTo(options);
    }

    @Test
    void whatARelayHandsOnIsWhole() {
        for (Relayed message : List.of(
                new Relayed.Listen("key"),
                new Relayed.Listening(7),
                new Relayed.Opened(1, SOMEWHERE.getAddress(), new Hello("key", "client", 2, "node")),
                Relayed.Data.of(2, new byte[] {1, 2, 3}),
                new Relayed.Closed(3, "why"))) {
            assertThat(Relayed.of(message.toBytes())).isEqualTo(message);
        }
    }

    @Test
    void distributionsAreWhole() {
        LoadTimings none = LoadTimings.none();
        LoadTimings read = again(none, Values::write, Values::loadTimings);
        assertThat(read.connect().percentiles()).isEqualTo(none.connect().percentiles());
    }

    @Test
    void theResultOfACallIsItsValueOrItsErrno() {
        CallResult<Integer> done = new CallResult.Done<>(5);
        CallResult<Integer> failed = new CallResult.Failed<>(Errno.EADDRINUSE);

        assertThat(again(done, ValuesTest::write, ValuesTest::read)).isEqualTo(done);
        assertThat(again(failed, ValuesTest::write, ValuesTest::read)).isEqualTo(failed);
    }

    @Test
    void failuresAreThrownAsTheyWere() {
        assertThatThrownBy(() -> thrown(new EvidenceMissing("why")))
                .isInstanceOf(EvidenceMissing.class)
                .hasMessage("why");
        KernelException refused = new KernelException("set a sysctl", Errno.EACCES, "ask somebody else");
        assertThatThrownBy(() -> thrown(refused))
                .isInstanceOf(KernelException.class)
                .hasMessage(refused.getMessage());
        assertThatThrownBy(() -> thrown(new IllegalArgumentException("no such thing")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no such thing");
        assertThatThrownBy(() -> thrown(new ArithmeticException("by zero")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("by zero");
    }

    @Test
    void whatDoesNotFitIsRefused() {
        MessageReader claimsMuch =
                new MessageReader(new MessageWriter().integer(1_000_000).toBytes());
        MessageReader tooShort = new MessageReader(new byte[] {1, 2});
        MessageReader unknown =
                new MessageReader(new MessageWriter().text("NO_SUCH_CALL").toBytes());
        MessageReader tooLong = new MessageReader(new byte[] {1});
        MessageReader noPort = new MessageReader(new MessageWriter()
                .address(SOMEWHERE.getAddress())
                .integer(70_000)
                .toBytes());

        assertThatThrownBy(() -> claimsMuch.each(MessageReader::number)).isInstanceOf(MalformedMessage.class);
        assertThatThrownBy(tooShort::number).isInstanceOf(MalformedMessage.class);
        assertThatThrownBy(unknown::call).isInstanceOf(MalformedMessage.class);
        assertThatThrownBy(tooLong::end).isInstanceOf(MalformedMessage.class);
        assertThatThrownBy(noPort::endpoint).isInstanceOf(MalformedMessage.class);
    }

    @Test
    void aGreetingOfAnotherProtocolTellsItsNumber() {
        Greeting own = new Greeting(Greeting.PROTOCOL, "lab 1", "boot");
        Greeting later = new Greeting(Greeting.PROTOCOL + 1, "lab 2", "boot");

        assertThat(Greeting.of(own.toBytes())).isEqualTo(own);
        assertThat(Greeting.of(later.toBytes()).protocol()).isEqualTo(Greeting.PROTOCOL + 1);
        assertThatThrownBy(() -> Greeting.of(new byte[] {0, 0, 0, 1, 65})).isInstanceOf(MalformedMessage.class);
    }

    private static void write(MessageWriter out, CallResult<Integer> result) {
        Values.write(out, result, MessageWriter::integer);
    }

    private static CallResult<Integer> read(MessageReader in) {
        return Values.callResult(in, MessageReader::integer);
    }

    private static void thrown(Throwable failure) {
        MessageReader reader = new MessageReader(Answers.failed(1, failure));
        assertThat(reader.integer()).isEqualTo(1);
        Answers.orThrow(reader);
    }

    private static <T> T again(T value, BiConsumer<MessageWriter, T> write, Function<MessageReader, T> read) {
        MessageWriter writer = new MessageWriter();
        write.accept(writer, value);
        MessageReader reader = new MessageReader(writer.toBytes());
        T again = read.apply(reader);
        reader.end();
        return again;
    }
}
