package io.tcplab.containers;

import io.tcplab.client.LoadReport;
import io.tcplab.client.LoadTimings;
import io.tcplab.containers.protocol.Call;
import io.tcplab.containers.protocol.Values;
import io.tcplab.experiments.cell.TimedLoad;
import java.time.Duration;

/**
 * A load at work in a container, that was started at an instant.
 *
 * @param prepared its number as one that was made ready
 * @param startedAtNanos on the lab's clock
 */
record RemoteTimedLoad(RemoteLoad load, int prepared, long startedAtNanos) implements TimedLoad {
    @Override
    public LoadTimings timings() {
        return load.link().ask(Call.TIMINGS, call -> call.integer(prepared), Values::loadTimings);
    }

    @Override
    public LoadReport report() {
        return load.report();
    }

    @Override
    public void release() {
        load.release();
    }

    @Override
    public LoadReport awaitEnd(Duration within, Duration lag) throws InterruptedException {
        return load.awaitEnd(within, lag);
    }
}
