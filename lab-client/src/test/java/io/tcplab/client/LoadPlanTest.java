package io.tcplab.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.transport.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LoadPlanTest {
    private static final InetSocketAddress TARGET = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9000);
    private static final LoadPlan PLAN = LoadPlan.of(new ShortLived(), TARGET);

    @Test
    void eachSettingCanBeChanged() {
        InetSocketAddress source = new InetSocketAddress("127.0.0.2", 0);
        Tls tls = Tls.trustingAll();
        LoadPlan all = PLAN.withLoad(new Abort())
                .withTargets(List.of(TARGET, TARGET))
                .withSources(List.of(source))
                .withRate(5)
                .withConcurrency(6)
                .withPayloadBytes(7)
                .withStop(new Stop.AfterCount(8))
                .withTransport(Transport.NIO)
                .withEventLoops(2)
                .withConnectTimeout(Duration.ofSeconds(9))
                .withDrain(Duration.ofSeconds(10))
                .withLingerZero(true)
                .withExchange(Http.parse("GET /"))
                .withTls(tls);
        assertThat(all)
                .isEqualTo(new LoadPlan(
                        new Abort(),
                        List.of(TARGET, TARGET),
                        List.of(source),
                        5,
                        6,
                        7,
                        new Stop.AfterCount(8),
                        Transport.NIO,
                        2,
                        Duration.ofSeconds(9),
                        Duration.ofSeconds(10),
                        true,
                        Http.parse("GET /"),
                        tls));
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                refused("targets", plan -> plan.withTargets(List.of())),
                refused("targets", plan -> plan.withTargets(List.of(new InetSocketAddress(0)))),
                refused("targets", plan -> plan.withTargets(List.of(InetSocketAddress.createUnresolved("a", 1)))),
                refused("sources", plan -> plan.withSources(List.of(InetSocketAddress.createUnresolved("a", 1)))),
                refused("rate", plan -> plan.withRate(-1)),
                refused("rate", plan -> plan.withRate(Double.NaN)),
                refused("rate", plan -> plan.withRate(Double.POSITIVE_INFINITY)),
                refused("eventLoops", plan -> plan.withEventLoops(0)),
                refused("concurrency", plan -> plan.withConcurrency(0)),
                refused("concurrency", plan -> plan.withConcurrency(1).withEventLoops(2)),
                refused("payloadBytes", plan -> plan.withPayloadBytes(-1)),
                refused("payloadBytes", plan -> plan.withPayloadBytes(Integer.MAX_VALUE)),
                refused("payloadBytes", plan -> plan.withLoad(new KeepAlive()).withPayloadBytes(0)),
                refused("payloadBytes", plan -> plan.withLoad(new GiveUpAfter()).withPayloadBytes(0)),
                refused(
                        "payloadBytes",
                        plan -> plan.withLoad(new Abort(Abort.Moment.ECHO)).withPayloadBytes(0)),
                refused(
                        "payloadBytes",
                        plan -> plan.withLoad(new ShortLived(2, ShortLived.Closer.CLIENT))
                                .withPayloadBytes(0)),
                refused("pool", plan -> plan.withLoad(new KeepAlive(1)).withEventLoops(2)),
                refused(
                        "half-close can't carry HTTP",
                        plan -> plan.withLoad(new HalfClose()).withExchange(Http.parse("GET /"))),
                refused(
                        "half-close has no TLS",
                        plan -> plan.withLoad(new HalfClose()).withTls(Tls.trustingAll())),
                refused("hold has no TLS", plan -> plan.withLoad(new Hold()).withTls(Tls.trustingAll())),
                refused(
                        "it can only expect close",
                        plan -> plan.withLoad(new HalfClose()).withExchange(script("9"))),
                refused("asks again", plan -> plan.withLoad(new KeepAlive()).withExchange(script("close"))),
                refused(
                        "asks again",
                        plan -> plan.withLoad(new ShortLived(2, ShortLived.Closer.CLIENT))
                                .withExchange(script("close"))),
                refused(
                        "expect something else",
                        plan -> plan.withLoad(new Abort(Abort.Moment.ECHO)).withExchange(script("close"))),
                refused("connectTimeout", plan -> plan.withConnectTimeout(Duration.ofNanos(1))),
                refused("connectTimeout", plan -> plan.withConnectTimeout(Duration.ofSeconds(-1))),
                refused("connectTimeout", plan -> plan.withConnectTimeout(Duration.ofDays(30))),
                refused("drain", plan -> plan.withDrain(Duration.ofSeconds(-1))),
                refused("drain", plan -> plan.withDrain(Duration.ofDays(366))),
                refused("stop", plan -> plan.withStop(new Stop.AfterDuration(Duration.ofDays(366)))),
                refused("stop", plan -> plan.withStop(new Stop.AfterCount(0))),
                refused("stop", plan -> plan.withStop(new Stop.AfterDuration(Duration.ZERO))));
    }

    private static Script script(String expect) {
        return new Script("ping", ByteBuffer.wrap(new byte[] {'p'}), Expect.parse(expect));
    }

    private static Arguments refused(String field, UnaryOperator<LoadPlan> change) {
        return Arguments.of(field, change);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatIsWrongIsNamed(String field, UnaryOperator<LoadPlan> change) {
        assertThatThrownBy(() -> change.apply(PLAN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(field);
    }
}
