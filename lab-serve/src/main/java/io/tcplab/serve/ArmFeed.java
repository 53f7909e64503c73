package io.tcplab.serve;

import io.tcplab.experiments.Arm;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.cell.Cell;
import io.tcplab.experiments.run.Timeline;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.transitions.TransitionCounter;
import io.tcplab.kernel.transitions.TransitionRecorder;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One arm's two hosts. */
final class ArmFeed implements AutoCloseable {
    static final String TRACED = "TIME_WAIT isn't traced: a socket that goes there shows as FIN_WAIT_2 → CLOSED";

    private final Arm arm;
    private final Map<Role, Map<String, Integer>> states = new EnumMap<>(Role.class);
    private final Map<Role, EdgeRates> rates = new EnumMap<>(Role.class);
    private final Map<InetAddress, Role> roles = new HashMap<>();
    private @Nullable TransitionCounter counter;
    private String missing = "not started yet";

    ArmFeed(Arm arm) {
        this.arm = arm;
    }

    /** The cell is there, and nothing has happened in it. */
    synchronized void opened(Cell cell) {
        boolean shared = false;
        for (Role role : Role.values()) {
            for (InetAddress address : cell.host(role).addresses()) {
                shared |= roles.put(address, role) != null;
            }
            rates.put(role, new EdgeRates(System.nanoTime()));
        }
        Optional<String> obstacle =
                shared ? Optional.of("both hosts have the same addresses") : TransitionRecorder.unavailable();
        missing = obstacle.map(why -> "state changes aren't visible: " + why).orElse("");
        if (obstacle.isEmpty()) {
            start(new HashSet<>(roles.keySet()));
        }
    }

    private void start(Set<InetAddress> addresses) {
        try {
            counter = TransitionCounter.start(addresses);
        } catch (KernelException e) {
            missing = "state changes aren't visible: " + e.getMessage();
        }
    }

    synchronized void sampled(Timeline.Sample sample) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        sample.counts().byState().forEach((state, sockets) -> {
            if (sockets > 0) {
                counts.put(state.label(), sockets);
            }
        });
        states.put(sample.host(), counts);
    }

    synchronized List<LiveFrame.Host> hosts() {
        return List.of(host(Role.CLIENT), host(Role.SERVER));
    }

    private LiveFrame.Host host(Role role) {
        Map<String, Integer> counts = states.getOrDefault(role, Map.of());
        TransitionCounter tracing = counter;
        EdgeRates rate = rates.get(role);
        if (tracing == null || rate == null) {
            return new LiveFrame.Host(arm.label(), role.label(), counts, List.of(), "none", missing);
        }
        Map<EdgeRates.Edge, Long> totals = new HashMap<>();
        tracing.counts().forEach((change, count) -> {
            if (roles.get(change.local()) == role) {
                totals.merge(new EdgeRates.Edge(change.from(), change.to()), count, Long::sum);
            }
        });
        return new LiveFrame.Host(
                arm.label(), role.label(), counts, rate.at(System.nanoTime(), totals), "tracepoint", TRACED);
    }

    @Override
    public synchronized void close() {
        if (counter != null) {
            counter.close();
            counter = null;
            missing = "the run has ended";
        }
    }
}
