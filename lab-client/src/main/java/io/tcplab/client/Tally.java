package io.tcplab.client;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** Counts what the loops tell; any thread may read it. Times are in nanoseconds. */
final class Tally {
    private final LongAdder connected = new LongAdder();
    private final LongAdder completed = new LongAdder();
    private final LongAdder givenUp = new LongAdder();
    private final LongAdder delayed = new LongAdder();
    private final LongAdder bytesSent = new LongAdder();
    private final LongAdder bytesReceived = new LongAdder();
    private final LongAdder bytesBeforeReset = new LongAdder();
    private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> answers = new ConcurrentHashMap<>();
    private final Distribution connectLatency = new Distribution();
    private final Distribution completionLatency = new Distribution();
    private final Distribution lag = new Distribution();

    void started(long lagged, boolean late) {
        lag.record(lagged);
        if (late) {
            delayed.increment();
        }
    }

    void connected(long latency) {
        connected.increment();
        connectLatency.record(latency);
    }

    void completed(long latency) {
        completed.increment();
        completionLatency.record(latency);
    }

    void failed(String name, long received) {
        failures.computeIfAbsent(name, unseen -> new LongAdder()).increment();
        if (name.equals("ECONNRESET")) {
            bytesBeforeReset.add(received);
        }
    }

    void answered(String status) {
        answers.computeIfAbsent(status, unseen -> new LongAdder()).increment();
    }

    void givenUp(long operations) {
        givenUp.add(operations);
    }

    void sent(long bytes) {
        bytesSent.add(bytes);
    }

    void received(long bytes) {
        bytesReceived.add(bytes);
    }

    /** The operations that have ended so far. To be read before those that have begun, so as never to exceed them. */
    Ended ended() {
        return new Ended(completed.sum(), sums(failures), givenUp.sum());
    }

    private static Map<String, Long> sums(Map<String, LongAdder> counts) {
        return counts.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, count -> count.getValue().sum()));
    }

    LoadTimings timings() {
        return new LoadTimings(connectLatency.timings(), completionLatency.timings(), lag.timings());
    }

    record Ended(long completed, Map<String, Long> failures, long givenUp) {}

    LoadReport report(Ended ended, long intended, long waiting, Duration elapsed) {
        return new LoadReport(
                intended,
                waiting,
                delayed.sum(),
                connected.sum(),
                ended.completed,
                ended.failures,
                sums(answers),
                ended.givenUp,
                bytesSent.sum(),
                bytesReceived.sum(),
                bytesBeforeReset.sum(),
                connectLatency.read(),
                completionLatency.read(),
                lag.read(),
                elapsed);
    }
}
