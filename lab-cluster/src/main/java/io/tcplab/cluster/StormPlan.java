package io.tcplab.cluster;

import io.tcplab.client.Hold;
import io.tcplab.client.LoadPlan;
import io.tcplab.client.Stop;
import io.tcplab.experiments.cell.ServeOptions;
import io.tcplab.server.Behaviour;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * What a storm is to be.
 *
 * @param clients how many
 * @param load of all clients together: rate and number of operations are shared out, all else is each client's. Its targets are
 *     replaced by the server's address
 * @param lasting how long connections that the load holds are held, from the start; otherwise without meaning
 */
public record StormPlan(int clients, LoadPlan load, Duration lasting, Behaviour behaviour, ServeOptions serve) {
    /** A network of a swarm has 254 addresses, of which the relay, the server and the network itself take some. */
    public static final int MOST_CLIENTS = 200;

    public StormPlan {
        require(
                clients >= 1 && clients <= MOST_CLIENTS,
                "--clients " + clients + " is not between 1 and " + MOST_CLIENTS);
        if (load.stop() instanceof Stop.AfterCount it) {
            require(
                    it.operations() >= clients,
                    "--count %d is less than --clients %d: each client needs an operation"
                            .formatted(it.operations(), clients));
        }
    }

    /** Whether connections are held until somebody lets go. */
    public boolean holds() {
        return load.load() instanceof Hold;
    }

    /**
     * One client's part.
     *
     * @param number of the client, from 1
     */
    public LoadPlan share(int number, InetSocketAddress server) {
        return load.withTargets(List.of(server))
                .withRate(load.rate() / clients)
                .withStop(
                        switch (load.stop()) {
                            case Stop.AfterDuration it -> it;
                            case Stop.AfterCount it ->
                                new Stop.AfterCount(
                                        it.operations() / clients + (number <= it.operations() % clients ? 1 : 0));
                        });
    }

    /** How long a client may take from its start to its end, if nothing goes wrong. */
    Duration most() {
        Duration planned = load.stop() instanceof Stop.AfterDuration it ? it.duration() : Duration.ZERO;
        Duration held = holds() ? lasting : Duration.ZERO;
        return planned.plus(held).plus(load.drain());
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new IllegalArgumentException(problem);
        }
    }
}
