package io.tcplab.serve;

import io.tcplab.diagnose.Look;
import io.tcplab.diagnose.causes.Membership;
import io.tcplab.diagnose.sample.Sample;
import io.tcplab.diagnose.sample.Scope;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.netns.Interface;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.kernel.transitions.TargetTransitions;
import io.tcplab.kernel.transitions.TransitionScope;
import io.tcplab.kernel.transitions.TransitionScope.Within;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** By the kernel's tracepoint. The kernel reports each change only while somebody sees the rates. */
final class TracedEdges implements TargetEdges {
    private static final String SHARED =
            ". It doesn't show the network namespace: sockets of others are counted, too, if they have the same"
                    + " port and address, such as 127.0.0.1";

    private final Namespace namespace;
    private @Nullable TargetTransitions counter;
    private EdgeRates rates = new EdgeRates(System.nanoTime());
    private String problem = "";

    TracedEdges(Namespace namespace) {
        this.namespace = namespace;
    }

    @Override
    public synchronized void looked(Look look, boolean watched) {
        if (!watched) {
            close();
            return;
        }
        try {
            follow(new TransitionScope(Interface.addresses(namespace), within(look)));
            problem = "";
        } catch (KernelException e) {
            close();
            problem = "state changes aren't visible: " + e.getMessage();
        }
    }

    private void follow(TransitionScope scope) {
        TargetTransitions tracing = counter;
        if (tracing != null && !tracing.follow(scope)) {
            close();
        }
        if (counter == null) {
            rates = new EdgeRates(System.nanoTime());
            counter = TargetTransitions.start(scope);
        }
    }

    private static Within within(Look look) {
        List<Sample> samples = look.samples();
        return switch (look.scope()) {
            case Scope.Everything everything -> new Within.Everything(listening(samples.getLast()));
            case Scope.OnPort on -> onPort(samples, on.port());
            case Scope.OfProcess process -> ofProcess(samples.getLast(), Membership.of(process, samples));
        };
    }

    private static Set<Integer> listening(Sample last) {
        return last.sockets().stream()
                .filter(socket -> socket.state() == TcpState.LISTEN)
                .map(SocketRow::localPort)
                .collect(Collectors.toSet());
    }

    private static Within onPort(List<Sample> samples, int port) {
        boolean local = samples.stream()
                .flatMap(sample -> sample.sockets().stream())
                .anyMatch(socket -> socket.localPort() == port);
        return local ? new Within.LocalPort(port) : new Within.PeerPort(port);
    }

    private static Within ofProcess(Sample last, Membership membership) {
        Set<Integer> ports = last.sockets().stream()
                .filter(membership::has)
                .map(SocketRow::localPort)
                .collect(Collectors.toSet());
        return new Within.Opened(ports, membership::isOfTarget);
    }

    @Override
    public synchronized List<LiveFrame.Edge> now() {
        TargetTransitions tracing = counter;
        if (tracing == null) {
            return List.of();
        }
        Map<EdgeRates.Edge, Long> totals = new HashMap<>();
        tracing.counts().forEach((change, count) -> totals.put(new EdgeRates.Edge(change.from(), change.to()), count));
        return rates.at(System.nanoTime(), totals);
    }

    @Override
    public String by() {
        return "tracepoint";
    }

    @Override
    public synchronized String note() {
        return problem.isEmpty() ? ArmFeed.TRACED + SHARED : problem;
    }

    @Override
    public synchronized void close() {
        if (counter != null) {
            counter.close();
            counter = null;
        }
    }
}
