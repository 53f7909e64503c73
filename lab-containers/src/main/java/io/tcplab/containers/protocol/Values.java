package io.tcplab.containers.protocol;

import io.tcplab.client.Echo;
import io.tcplab.client.Load;
import io.tcplab.client.LoadPlan;
import io.tcplab.client.LoadReport;
import io.tcplab.client.LoadTimings;
import io.tcplab.client.Percentiles;
import io.tcplab.client.Stop;
import io.tcplab.client.Timings;
import io.tcplab.experiments.cell.ServeOptions;
import io.tcplab.kernel.Errno;
import io.tcplab.kernel.calls.CallResult;
import io.tcplab.kernel.calls.CallResult.Done;
import io.tcplab.kernel.calls.CallResult.Failed;
import io.tcplab.kernel.counters.Counters;
import io.tcplab.kernel.sockets.ProcNetTcp;
import io.tcplab.kernel.sockets.RawCensus;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.StateCounts;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.transport.Transport;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** The lab's own values, there and back. Each pair stands together: what one writes the other reads. */
public final class Values {
    private Values() {}

    public static void write(MessageWriter out, ServeOptions options) {
        out.integer(options.backlog()).constant(options.transport());
    }

    public static ServeOptions serveOptions(MessageReader in) {
        return valid(() -> new ServeOptions(in.integer(), in.constant(Transport.class)));
    }

    /**
     * The load goes as its spec, which is made for it.
     *
     * @throws IllegalArgumentException when it isn't a plain echo: experiments put no other load on their servers
     */
    public static void write(MessageWriter out, LoadPlan plan) {
        if (!(plan.exchange() instanceof Echo) || plan.tls() != null) {
            throw new IllegalArgumentException("exchange: only an echo without TLS can be sent to another process");
        }
        out.text(plan.load().spec())
                .each(plan.targets(), MessageWriter::endpoint)
                .each(plan.sources(), MessageWriter::endpoint)
                .real(plan.rate())
                .integer(plan.concurrency())
                .integer(plan.payloadBytes());
        write(out, plan.stop());
        out.constant(plan.transport())
                .integer(plan.eventLoops())
                .duration(plan.connectTimeout())
                .duration(plan.drain())
                .flag(plan.lingerZero());
    }

    public static LoadPlan loadPlan(MessageReader in) {
        return valid(() -> new LoadPlan(
                Load.parse(in.text()),
                in.each(MessageReader::endpoint),
                in.each(MessageReader::endpoint),
                in.real(),
                in.integer(),
                in.integer(),
                stop(in),
                in.constant(Transport.class),
                in.integer(),
                in.duration(),
                in.duration(),
                in.flag(),
                new Echo(),
                null));
    }

    private static void write(MessageWriter out, Stop stop) {
        switch (stop) {
            case Stop.AfterCount after -> out.flag(true).number(after.operations());
            case Stop.AfterDuration after -> out.flag(false).duration(after.duration());
        }
    }

    private static Stop stop(MessageReader in) {
        return in.flag() ? new Stop.AfterCount(in.number()) : new Stop.AfterDuration(in.duration());
    }

    public static void write(MessageWriter out, LoadReport report) {
        out.number(report.intended())
                .number(report.waiting())
                .number(report.delayed())
                .number(report.connected())
                .number(report.completed());
        writeNumbers(out, report.failures());
        writeNumbers(out, report.answers());
        out.number(report.givenUp())
                .number(report.bytesSent())
                .number(report.bytesReceived())
                .number(report.bytesBeforeReset());
        List.of(report.connectLatency(), report.completionLatency(), report.lag())
                .forEach(percentiles -> write(out, percentiles));
        out.duration(report.elapsed());
    }

    public static LoadReport loadReport(MessageReader in) {
        return new LoadReport(
                in.number(),
                in.number(),
                in.number(),
                in.number(),
                in.number(),
                new TreeMap<>(numbers(in)),
                new TreeMap<>(numbers(in)),
                in.number(),
                in.number(),
                in.number(),
                in.number(),
                percentiles(in),
                percentiles(in),
                percentiles(in),
                in.duration());
    }

    /** Whole distributions. */
    public static void write(MessageWriter out, LoadTimings timings) {
        out.bytes(timings.connect().toBytes())
                .bytes(timings.completion().toBytes())
                .bytes(timings.lag().toBytes());
    }

    public static LoadTimings loadTimings(MessageReader in) {
        return valid(() ->
                new LoadTimings(Timings.ofBytes(in.bytes()), Timings.ofBytes(in.bytes()), Timings.ofBytes(in.bytes())));
    }

    private static void write(MessageWriter out, Percentiles of) {
        out.number(of.count())
                .number(of.min())
                .real(of.mean())
                .number(of.p50())
                .number(of.p90())
                .number(of.p99())
                .number(of.p999())
                .number(of.max());
    }

    private static Percentiles percentiles(MessageReader in) {
        return new Percentiles(
                in.number(), in.number(), in.real(), in.number(), in.number(), in.number(), in.number(), in.number());
    }

    public static void write(MessageWriter out, SocketQuery query) {
        out.each(query.states(), MessageWriter::constant)
                .integer(query.localPort().orElse(-1))
                .integer(query.peerPort().orElse(-1))
                .flag(query.tcpInfo());
    }

    public static SocketQuery socketQuery(MessageReader in) {
        return valid(() -> new SocketQuery(
                Set.copyOf(in.each(one -> one.constant(TcpState.class))),
                port(in.integer()),
                port(in.integer()),
                in.flag()));
    }

    /** A value that its own type refuses, or whose numbers are beyond their range, is no message's. */
    private static <T> T valid(Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new MalformedMessage(String.valueOf(e.getMessage()));
        }
    }

    private static OptionalInt port(int port) {
        return port < 0 ? OptionalInt.empty() : OptionalInt.of(port);
    }

    public static void write(MessageWriter out, RawCensus census) {
        out.number(census.atNanos())
                .each(census.messages(), MessageWriter::bytes)
                .each(census.mptcp(), MessageWriter::bytes)
                .flag(census.complete());
    }

    public static RawCensus rawCensus(MessageReader in) {
        return new RawCensus(in.number(), in.each(MessageReader::bytes), in.each(MessageReader::bytes), in.flag());
    }

    public static void write(MessageWriter out, StateCounts counts) {
        out.number(counts.atNanos())
                .each(
                        counts.byState().entrySet(),
                        (one, entry) -> one.constant(entry.getKey()).integer(entry.getValue()))
                .flag(counts.complete());
    }

    public static StateCounts stateCounts(MessageReader in) {
        long atNanos = in.number();
        Map<TcpState, Integer> byState = new EnumMap<>(TcpState.class);
        in.each(one -> byState.put(one.constant(TcpState.class), one.integer()));
        return new StateCounts(atNanos, byState, in.flag());
    }

    public static void write(MessageWriter out, Counters counters) {
        out.number(counters.atNanos());
        writeNumbers(out, counters.values());
    }

    public static Counters counters(MessageReader in) {
        return new Counters(in.number(), numbers(in));
    }

    public static void write(MessageWriter out, ProcNetTcp.Line line) {
        out.constant(line.state()).number(line.inode());
    }

    public static ProcNetTcp.Line procNetTcpLine(MessageReader in) {
        return new ProcNetTcp.Line(in.constant(TcpState.class), in.number());
    }

    /** What a call on a socket came to. */
    public static <T> void write(MessageWriter out, CallResult<T> result, BiConsumer<MessageWriter, T> value) {
        switch (result) {
            case Done<T> done -> value.accept(out.flag(true), done.value());
            case Failed<T> failed -> out.flag(false).constant(failed.error());
        }
    }

    public static <T> CallResult<T> callResult(MessageReader in, Function<MessageReader, T> value) {
        return in.flag() ? new Done<>(value.apply(in)) : new Failed<>(in.constant(Errno.class));
    }

    private static void writeNumbers(MessageWriter out, Map<String, Long> numbers) {
        out.each(numbers.entrySet(), (one, entry) -> one.text(entry.getKey()).number(entry.getValue()));
    }

    /** In the order in which they were written. */
    private static Map<String, Long> numbers(MessageReader in) {
        Map<String, Long> numbers = new LinkedHashMap<>();
        in.each(one -> numbers.put(one.text(), one.number()));
        return numbers;
    }
}
