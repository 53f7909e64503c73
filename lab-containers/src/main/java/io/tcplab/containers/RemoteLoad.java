package io.tcplab.containers;

import io.tcplab.client.LoadReport;
import io.tcplab.containers.protocol.Call;
import io.tcplab.containers.protocol.Values;
import io.tcplab.experiments.cell.ProgressTimeout;
import io.tcplab.experiments.cell.RunningLoad;
import java.time.Duration;

/** A load at work in a container. */
record RemoteLoad(AgentLink link, int handle) implements RunningLoad {
    @Override
    public LoadReport report() {
        return link.ask(Call.REPORT, call -> call.integer(handle), Values::loadReport);
    }

    @Override
    public void release() {
        link.tell(Call.RELEASE, call -> call.integer(handle));
    }

    @Override
    public LoadReport awaitEnd(Duration within, Duration lag) throws InterruptedException {
        return link.await(
                Call.AWAIT_END,
                ProgressTimeout.most(within),
                call -> call.integer(handle).duration(within).duration(lag),
                Values::loadReport);
    }
}
