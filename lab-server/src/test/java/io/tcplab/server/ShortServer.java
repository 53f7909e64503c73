package io.tcplab.server;

import io.micrometer.core.instrument.search.Search;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tcplab.transport.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Scanner;

/**
 * A server in a process of its own, which the test starts with few descriptors. Prints its port; answers each line with
 * how often accept has failed with EMFILE so far; ends at the end of its input.
 */
final class ShortServer {
    private ShortServer() {}

    public static void main(String[] args) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        ServerOptions options = ServerOptions.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .withTransport(Transport.parse(args[0]));
        try (LabServer server = LabServer.start(options, new WellBehaved(false), Thread::new, registry);
                Scanner input = new Scanner(System.in, StandardCharsets.UTF_8)) {
            System.out.println(server.address().getPort());
            while (input.hasNextLine()) {
                input.nextLine();
                System.out.println(failures(registry));
            }
        }
    }

    private static long failures(SimpleMeterRegistry registry) {
        Search search = registry.find(ServerMeter.ACCEPT_FAILURES.id()).tag("errno", "EMFILE");
        return search.counters().stream()
                .mapToLong(counter -> (long) counter.count())
                .sum();
    }
}
