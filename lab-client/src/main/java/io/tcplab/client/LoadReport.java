package io.tcplab.client;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the load generator saw of its own work, at one moment. It describes how a run was driven; what TCP did is for the
 * kernel to say.
 *
 * <p>Always {@code intended = completed + failed() + givenUp + inFlight()}: each operation ends exactly once.
 *
 * @param intended operations whose time had come. With a rate of 0 there is no schedule: those that were started
 * @param waiting of those, the ones that haven't started, for want of a place under the cap (or since the generator lags)
 * @param delayed operations that started late since the cap was reached; their latency counts from the intended time
 * @param connected connections established
 * @param completed operations that did all that their load says
 * @param failures those that failed, by the errno's name ({@code ECONNREFUSED}), in alphabetical order; {@code EOF} where the
 *     peer closed before the whole answer; {@code HTTP 503} by an HTTP response's status; {@code TLS …} as {@link Failures}
 *     names them; else the exception's class ({@code ConnectTimeoutException} is {@link LoadPlan#connectTimeout()})
 * @param answers whole HTTP responses by status ({@code HTTP 200}), those that failed their operation too; empty for other
 *     exchanges
 * @param givenUp those that the client itself ended: by their load's timeout, by the end of the plan's drain, or by
 *     {@link LabClient#close()}
 * @param bytesSent counted when the kernel has taken the whole payload, or when the connection ends
 * @param bytesReceived bytes read
 * @param bytesBeforeReset of those, the ones read on connections that then failed by ECONNRESET
 * @param connectLatency nanoseconds from the intended time until the connection was established
 * @param completionLatency nanoseconds from the intended time until the operation was complete
 * @param lag nanoseconds by which the generator itself was late: from the intended time, or from when there was a place
 *     again, until the operation started. Nothing is recorded with a rate of 0
 * @param elapsed since the plan started, until this moment or until its last operation ended
 */
public record LoadReport(
        long intended,
        long waiting,
        long delayed,
        long connected,
        long completed,
        Map<String, Long> failures,
        Map<String, Long> answers,
        long givenUp,
        long bytesSent,
        long bytesReceived,
        long bytesBeforeReset,
        Percentiles connectLatency,
        Percentiles completionLatency,
        Percentiles lag,
        Duration elapsed) {
    /** How an operation fails whose peer closed before it had sent the whole answer. It isn't an errno. */
    public static final String END_OF_STREAM = "EOF";

    public LoadReport {
        failures = Collections.unmodifiableMap(new TreeMap<>(failures));
        answers = Collections.unmodifiableMap(new TreeMap<>(answers));
    }

    /** Operations that failed, for whatever reason. */
    public long failed() {
        return failures.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Operations that failed for this reason: an errno's name, or another one of {@link #failures}. */
    public long failed(String reason) {
        return failures.getOrDefault(reason, 0L);
    }

    /** Operations that haven't ended: waiting, connecting, talking or held. */
    public long inFlight() {
        return intended - completed - failed() - givenUp;
    }

    /** Connections established a second, since the start. */
    public double connectedPerSecond() {
        return perSecond(connected);
    }

    /** Operations completed a second, since the start. */
    public double completedPerSecond() {
        return perSecond(completed);
    }

    private double perSecond(long count) {
        return elapsed.isZero() ? 0 : count * 1e9 / elapsed.toNanos();
    }
}
