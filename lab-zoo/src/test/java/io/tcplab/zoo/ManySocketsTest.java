package io.tcplab.zoo;

import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.diagnose.Diagnosis;
import io.tcplab.diagnose.Diagnostician;
import io.tcplab.diagnose.causes.Finding;
import io.tcplab.diagnose.sample.Sample;
import io.tcplab.diagnose.sample.Sampler;
import io.tcplab.diagnose.sample.Subject;
import io.tcplab.diagnose.sample.Target;
import io.tcplab.junit.Role;
import io.tcplab.junit.TcpHost;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A look at very many sockets sees all of them, names the cause, and stays cheap. */
@Tag("slow")
class ManySocketsTest {
    private static final int CONNECTIONS = 100_000;

    /** Each has all the ports. */
    private static final int ADDRESSES = 8;

    private static final int ROUNDS = 5;

    @Test
    void allAreCountedAndALookIsCheaperThanSs(@TempDir Path folder) throws Exception {
        try (Habitat habitat = new Habitat(folder)) {
            fill(habitat);
            TcpHost server = habitat.cell().server();
            Diagnosis diagnosis = Diagnostician.diagnose(
                    new Target.PortInside(server.namespace(), Habitat.PORT), Duration.ofSeconds(3));
            assertThat(diagnosis.count(CLOSE_WAIT)).isEqualTo(CONNECTIONS);
            assertThat(diagnosis.findings())
                    .as(diagnosis::text)
                    .singleElement()
                    .returns("never-accepted", Finding::cause)
                    .returns(CONNECTIONS, Finding::sockets)
                    .returns(0, Finding::change);
            assertThat(diagnosis.limits()).isEmpty();
            requireCheap(server);
        }
    }

    /** All on the server's host, since its loopback has more than one address. The clients' halves are in FIN_WAIT_2. */
    private static void fill(Habitat habitat) throws InterruptedException {
        TcpHost server = habitat.cell().server();
        server.sysctl("net.core.somaxconn", Integer.toString(2 * CONNECTIONS));
        server.sysctl("net.ipv4.tcp_max_syn_backlog", Integer.toString(2 * CONNECTIONS));
        server.sysctl("net.ipv4.tcp_max_tw_buckets", Integer.toString(2 * CONNECTIONS));
        LabServers.start(habitat, "stop-accepting", "--backlog", Integer.toString(2 * CONNECTIONS));
        List<String> client = LabServers.lab("client", "--payload", "0", "--count", Integer.toString(CONNECTIONS));
        IntStream.rangeClosed(1, ADDRESSES)
                .forEach(host -> client.addAll(List.of("--target", "127.0.0." + host + ":" + Habitat.PORT)));
        assertThat(habitat.start(Role.SERVER, client).waitFor())
                .as(habitat::log)
                .isZero();
        habitat.server().haveExactly(CONNECTIONS, CLOSE_WAIT).within(Habitat.PATIENCE);
    }

    /**
     * A look took 0.3 of what ss took, and takes 0.5 on one core; they take turns, so that both meet what else the machine
     * does. scripts/bench has the figures, and three times as many sockets.
     */
    private static void requireCheap(TcpHost server) throws IOException, InterruptedException {
        List<Long> looks = new ArrayList<>();
        List<Long> listings = new ArrayList<>();
        try (Subject subject = Subject.of(new Target.Inside(server.namespace()));
                Sampler sampler = Sampler.open(subject)) {
            for (int round = 0; round < ROUNDS; round++) {
                Sample look = sampler.sample();
                assertThat(look.sockets()).hasSizeGreaterThan(CONNECTIONS);
                looks.add(look.tookNanos());
                listings.add(ss(server));
            }
        }
        assertThat(median(looks))
                .as("nanoseconds: looks %s, ss -tanp %s", looks, listings)
                .isLessThan(median(listings));
    }

    private static long ss(TcpHost server) throws IOException, InterruptedException {
        long started = System.nanoTime();
        Process ss = server.start(new ProcessBuilder("ss", "-tanp").redirectOutput(ProcessBuilder.Redirect.DISCARD));
        assertThat(ss.waitFor()).isZero();
        return System.nanoTime() - started;
    }

    private static long median(List<Long> times) {
        List<Long> sorted = new ArrayList<>(times);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }
}
