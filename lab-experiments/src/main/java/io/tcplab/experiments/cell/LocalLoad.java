package io.tcplab.experiments.cell;

import io.tcplab.client.LabClient;
import io.tcplab.client.LoadReport;
import io.tcplab.client.LoadTimings;
import io.tcplab.experiments.EvidenceMissing;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A load in this process. */
record LocalLoad(LabClient client) implements TimedLoad {
    /** It wakes up at once when the load ends; meanwhile it looks this often whether there is progress. */
    private static final Duration AGAIN = Duration.ofMillis(100);

    @Override
    public LoadReport report() {
        return client.snapshot();
    }

    @Override
    public long startedAtNanos() {
        return client.startedAtNanos();
    }

    @Override
    public LoadTimings timings() {
        return client.timings();
    }

    @Override
    public void release() {
        client.release();
    }

    @Override
    public LoadReport awaitEnd(Duration within, Duration lag) throws InterruptedException {
        ProgressTimeout timeout = new ProgressTimeout(within);
        boolean ended = hasEnded();
        // The caller judges what there is; a load against a server that never answers doesn't end.
        while (!ended && timeout.lasts(Standing.of(client.snapshot()))) {
            ended = hasEnded();
        }
        LoadReport report = client.snapshot();
        if (report.lag().p99() > lag.toNanos()) {
            throw new EvidenceMissing(
                    "the load generator lagged: 1 %% of the connections started more than %d ms late (limit: %d ms); reduce the load on the machine, or lower the rate"
                            .formatted(report.lag().p99() / 1_000_000, lag.toMillis()));
        }
        return report;
    }

    private boolean hasEnded() throws InterruptedException {
        try {
            client.finished().get(AGAIN.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException stillRunning) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the load ended abnormally", e.getCause());
        }
    }

    private record Standing(long connected, long ended, long bytesSent, long bytesReceived) {
        static Standing of(LoadReport report) {
            return new Standing(
                    report.connected(),
                    report.completed() + report.failed() + report.givenUp(),
                    report.bytesSent(),
                    report.bytesReceived());
        }
    }
}
