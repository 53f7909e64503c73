package io.tcplab.containers;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Network.Ipam;
import io.tcplab.experiments.EvidenceMissing;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.testcontainers.containers.Network;

/**
 * A cell's own network: a bridge without a way out, which the engine keeps from all its others.
 *
 * <p>Its addresses are of 198.18.0.0/15, which RFC 2544 sets aside for the like: no user's network is hidden by it. They are
 * no other cell's, soon afterwards neither, since the tracepoint tells cells apart by nothing else, and sockets of a cell that was
 * removed still die for a while. The engine would give the same ones again and again, and has 31 networks in all.
 *
 * @param number of the network, 0 to 511
 */
record CellNetwork(Network network, int number) implements AutoCloseable {
    /** In bits. */
    static final int PREFIX = 24;

    private static final int NUMBERS = 512;
    private static final int FIRST_CLIENT = 2;
    private static final int FIRST_SERVER = 102;

    /** Begins anywhere, so that two labs hardly ever meet; where they do, the engine says so. */
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(NUMBERS));

    /** One with these labels. */
    static CellNetwork create(Map<String, String> labels) {
        for (int tries = 1; ; tries++) {
            int number = Math.floorMod(NEXT.getAndIncrement(), NUMBERS);
            try {
                return create(number, labels);
            } catch (DockerException e) {
                if (!String.valueOf(e.getMessage()).contains("overlap")) {
                    throw e;
                }
                if (tries == NUMBERS) {
                    throw new EvidenceMissing("this engine uses every network of 198.18.0.0/15", e);
                }
            }
        }
    }

    private static CellNetwork create(int number, Map<String, String> labels) {
        Network network = Network.builder()
                .createNetworkCmdModifier(create -> create.withInternal(true)
                        .withLabels(labels)
                        .withIpam(new Ipam().withConfig(List.of(new Ipam.Config().withSubnet(subnet(number))))))
                .build();
        network.getId(); // which makes it
        return new CellNetwork(network, number);
    }

    /** The client's addresses. */
    List<InetAddress> clients(int count) {
        return addresses(FIRST_CLIENT, count);
    }

    /** The server's addresses. */
    List<InetAddress> servers(int count) {
        return addresses(FIRST_SERVER, count);
    }

    @Override
    public void close() {
        network.close();
    }

    private static String subnet(int number) {
        return "198.%d.%d.0/%d".formatted(18 + (number >> 8), number & 0xff, PREFIX);
    }

    private List<InetAddress> addresses(int first, int count) {
        return IntStream.range(first, first + count).mapToObj(this::address).toList();
    }

    private InetAddress address(int last) {
        try {
            return InetAddress.getByAddress(
                    new byte[] {(byte) 198, (byte) (18 + (number >> 8)), (byte) number, (byte) last});
        } catch (UnknownHostException e) {
            throw new AssertionError("4 bytes always make an address", e);
        }
    }
}
