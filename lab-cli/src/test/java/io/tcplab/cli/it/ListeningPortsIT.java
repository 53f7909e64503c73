package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each port on which a command listens: on the loopback, or on all addresses where its help says so. */
@Tag("slow")
class ListeningPortsIT {
    private static final String LOOPBACK = "127.0.0.1";
    private static final String ALL = "*";

    @Test
    void theServerListensWhereItIsToldTo() throws Exception {
        assertThat(help("server")).contains("Address to listen on (default: all)");
        assertThat(addresses("server")).containsExactly(ALL);
        assertThat(addresses("server", "--bind", LOOPBACK)).containsExactly(LOOPBACK);
    }

    @Test
    void metricsAreForAllAddressesAndTheHelpSaysSo() throws Exception {
        assertThat(help("server")).contains("http://*:PORT/metrics");
        assertThat(addresses("server", "--bind", LOOPBACK, "--metrics-port", "0"))
                .containsExactly(ALL, LOOPBACK);
    }

    @Test
    void theLivePageIsForThisHostAlone() throws Exception {
        assertThat(addresses("serve")).containsExactly(LOOPBACK);
    }

    /** Its servers listen in their cells, where nobody else is. */
    @Test
    void aRunListensNowhere() throws Exception {
        try (World world = World.create()) {
            Process run = world.lab("run", "syn-retry-schedule")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String line;
            do {
                line = run.errorReader().readLine();
            } while (line != null && !line.contains("(fault): "));
            assertThat(line).isNotNull();
            assertThat(listening(world)).isEmpty();
        }
    }

    private static Set<String> addresses(String... command) throws Exception {
        try (World world = World.create()) {
            Process lab = world.lab(command).start();
            // Both say where, once they listen everywhere that they will.
            assertThat(lab.inputReader().readLine()).isNotNull();
            return listening(world);
        }
    }

    private static Set<String> listening(World world) throws Exception {
        return world.output("ss", "-H", "--listening", "--tcp", "--udp", "--numeric")
                .lines()
                .map(line -> line.strip().split("\\s+"))
                .map(words -> words[4].substring(0, words[4].lastIndexOf(':')))
                .map(address -> address.replaceAll("^\\[::ffff:(.*)]$", "$1"))
                .map(address -> List.of("0.0.0.0", "[::]").contains(address) ? ALL : address)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String help(String command) throws Exception {
        try (World world = World.create()) {
            return world.output(Installation.checkout().lab().toString(), command, "--help")
                    .replaceAll("\\s+", " ");
        }
    }
}
