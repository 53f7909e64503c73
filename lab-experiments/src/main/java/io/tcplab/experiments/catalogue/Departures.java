package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.cell.Host;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Sockets that the kernel ends by itself, watched by the same looks: none is out of sight while another is waited for. */
final class Departures {
    /** The interval between looks, if the machine is fast enough. */
    private static final Duration AGAIN = Duration.ofMillis(200);

    private final Host host;
    private final SocketQuery query;
    private final Map<Leaving, Lasted> known = new HashMap<>();

    /** Those of a host that wait for their end in one state; none yet. */
    Departures(Host host, TcpState state) {
        this.host = host;
        query = SocketQuery.ofStates(state);
    }

    /** Watches one more. */
    void watch(Leaving one) {
        known.put(one, Lasted.UNENDED);
    }

    /** Looks until it is gone or patience, which runs from now on; at all the others, too. */
    Lasted await(Leaving one, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        do {
            host.await(
                    query,
                    census -> {
                        note(census);
                        return isGone(one);
                    },
                    AGAIN);
        } while (!isGone(one) && System.nanoTime() < deadline);
        return lasted(one);
    }

    /** As {@link #await(Leaving, Duration)}, for each of these, with patience from when it began. */
    List<Lasted> await(List<Leaving> all, Duration patience) throws InterruptedException {
        List<Lasted> lasted = new ArrayList<>();
        for (Leaving one : all) {
            lasted.add(await(
                    one, patience.minusNanos(System.nanoTime() - one.start().notYetNanos())));
        }
        return lasted;
    }

    private void note(Census census) {
        // A census is of some moment between its time, when the kernel was asked, and now.
        long now = System.nanoTime();
        known.replaceAll((one, so) -> {
            if (so.most() < Double.POSITIVE_INFINITY) {
                return so;
            }
            return census.sockets().stream().anyMatch(socket -> socket.local().getPort() == one.port())
                    ? new Lasted(
                            Math.max(so.least(), (census.atNanos() - one.start().begunNanos()) / 1e9), so.most())
                    : new Lasted(so.least(), (now - one.start().notYetNanos()) / 1e9);
        });
    }

    private boolean isGone(Leaving one) {
        return lasted(one).most() < Double.POSITIVE_INFINITY;
    }

    private Lasted lasted(Leaving one) {
        Lasted lasted = known.get(one);
        if (lasted == null) {
            throw new IllegalArgumentException(one + " isn't watched");
        }
        return lasted;
    }
}
