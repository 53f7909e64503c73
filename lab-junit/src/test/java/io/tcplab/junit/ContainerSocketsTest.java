package io.tcplab.junit;

import static io.tcplab.junit.TcpAssertions.assertThat;
import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;

/** A service in another language, in a container. */
@Tag("docker")
class ContainerSocketsTest {
    private static final int PORT = 9000;

    /** Accepts for ever, and keeps what it has accepted; with "sound" it closes what is at its end. */
    private static final String SERVICE = """
            use IO::Socket::INET; use IO::Select;
            my $listener = IO::Socket::INET->new(LocalPort => 9000, Listen => 50, ReuseAddr => 1) or die $!;
            my $all = IO::Select->new($listener);
            my @kept;
            while (my @ready = $all->can_read) {
                foreach my $socket (@ready) {
                    if ($socket == $listener) { $all->add(scalar $listener->accept); next; }
                    next if sysread($socket, my $data, 1000);
                    $all->remove($socket);
                    if ($ARGV[0] eq "sound") { close $socket; } else { push @kept, $socket; }
                }
            }
            """;

    @Test
    void aServiceThatClosesPasses() throws IOException {
        try (GenericContainer<?> service = start("sound");
                ContainerSockets sockets = ContainerSockets.of(service)) {
            visit(service, 5);
            assertThat(sockets).onPort(PORT).haveNoConnections().within(ofSeconds(30));
        }
    }

    /** Five, and one with which Testcontainers has tried the port. */
    @Test
    void aLeakIsFoundAndNamed() throws IOException {
        try (GenericContainer<?> service = start("leaky");
                ContainerSockets sockets = ContainerSockets.of(service)) {
            visit(service, 5);
            assertThat(sockets).onPort(PORT).haveAtLeast(5, CLOSE_WAIT).within(ofSeconds(30));
            assertThat(sockets).onPort(PORT).haveNone(ESTABLISHED).now();
            assertThatThrownBy(() -> assertThat(sockets)
                            .onPort(PORT)
                            .haveNone(CLOSE_WAIT)
                            .within(ofMillis(100)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("Expecting the sockets of container ")
                    .hasMessageContaining(" to have no CLOSE_WAIT within 100 ms, but there were ")
                    .hasMessageContaining("the peer's last segment arrived")
                    .hasMessageContaining("eof-read-not-closed (CLOSE_WAIT): ")
                    .as("whose descriptors they are")
                    .hasMessageContaining("(perl)");
        }
    }

    private static GenericContainer<?> start(String behaviour) {
        GenericContainer<?> service = new GenericContainer<>("tcplab/lab:dev")
                .withImagePullPolicy(image -> false)
                .withCreateContainerCmdModifier(
                        create -> create.withEntrypoint("perl").withCmd("-e", SERVICE, behaviour))
                .withExposedPorts(PORT);
        service.start();
        return service;
    }

    private static void visit(GenericContainer<?> service, int times) throws IOException {
        List<Socket> open = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            open.add(new Socket(service.getHost(), service.getMappedPort(PORT)));
        }
        for (Socket socket : open) {
            socket.close();
        }
    }
}
