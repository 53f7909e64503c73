package io.tcplab.client;

import io.tcplab.kernel.netns.Namespace;
import io.tcplab.transport.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;

/** A client in a process and a namespace of its own, which the test starts with few descriptors. */
final class ShortClient {
    static final int CONNECTIONS = 300;
    static final int AFTERWARDS = 20;

    private static final int PORT = 20_001;
    private static final InetSocketAddress NOBODY = new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT + 1);

    private ShortClient() {}

    public static void main(String[] args) throws IOException {
        // Whatever thread is started from here on is inside, too.
        Namespace.create("short-client").enter();
        // The kernel completes handshakes without accept(2), which would need a descriptor of this process too.
        try (ServerSocket listener =
                new ServerSocket(PORT, CONNECTIONS + AFTERWARDS, InetAddress.getLoopbackAddress())) {
            LoadPlan plan = LoadPlan.of(new Hold(), (InetSocketAddress) listener.getLocalSocketAddress())
                    .withTransport(Transport.parse(args[0]))
                    .withPayloadBytes(0);
            rehearse(plan);
            hold(plan.withStop(new Stop.AfterCount(CONNECTIONS)));
            goOn(plan.withStop(new Stop.AfterCount(AFTERWARDS)).withLoad(new ShortLived()));
        }
        System.exit(0);
    }

    /** The tests' classes are in folders, not in an open jar: without a descriptor left none could be loaded. */
    private static void rehearse(LoadPlan plan) {
        InetSocketAddress somebody = plan.targets().getFirst();
        LoadPlan both = plan.withTargets(List.of(somebody, NOBODY)).withStop(new Stop.AfterCount(2));
        try (LabClient client = LabClient.start(both, Thread::new)) {
            client.established().join();
            client.release();
            client.finished().join();
        }
    }

    private static void hold(LoadPlan plan) {
        try (LabClient client = LabClient.start(plan, Thread::new)) {
            LoadReport held = client.established().join();
            System.out.printf(
                    "held: %s, failures: %s, in all: %d%n",
                    held.connected() > 0 ? "some" : "none",
                    String.join(" ", held.failures().keySet()),
                    held.connected() + held.failed());
            client.release();
            LoadReport released = client.finished().join();
            System.out.println("released: completed "
                    + (released.completed() == held.connected() ? "what was held" : released.completed()));
        }
    }

    private static void goOn(LoadPlan plan) {
        try (LabClient client = LabClient.start(plan, Thread::new)) {
            System.out.println(
                    "afterwards: completed " + client.finished().join().completed());
        }
    }
}
