package io.tcplab.experiments.catalogue;

import io.tcplab.client.LoadPlan;
import io.tcplab.experiments.cell.RunningServer;

/** What can be done about a storm of TIME_WAIT, one at a time. */
enum Remedy {
    NONE,
    KEEP_ALIVE,
    DESTINATIONS,
    TW_REUSE,
    LINGER_ZERO;

    /** The load on this server as it is with the remedy, as far as the load has to do with it. */
    LoadPlan appliedTo(LoadPlan plan, RunningServer server) {
        var targets =
                this == DESTINATIONS ? server.addresses() : server.addresses().subList(0, 1);
        return plan.withLingerZero(this == LINGER_ZERO).withTargets(targets);
    }
}
