package io.tcplab.containers;

import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.LISTEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Container;
import io.tcplab.client.Hold;
import io.tcplab.client.LoadPlan;
import io.tcplab.client.ShortLived;
import io.tcplab.client.Stop;
import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.cell.Cell;
import io.tcplab.experiments.cell.CellPlan;
import io.tcplab.experiments.cell.Connection;
import io.tcplab.experiments.cell.Host;
import io.tcplab.experiments.cell.RunningLoad;
import io.tcplab.experiments.cell.RunningServer;
import io.tcplab.experiments.cell.Sandbox;
import io.tcplab.experiments.cell.SandboxContract;
import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.counters.CounterReader;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.SockDiag;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.server.WellBehaved;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("docker")
class DockerSandboxTest extends SandboxContract {
    private static final String FIN_TIMEOUT = "net.ipv4.tcp_fin_timeout";
    private static final DockerClient ENGINE = Engine.find().client();

    /** One for all tests: it looks for the engine once. */
    private static final DockerSandbox SANDBOX = new DockerSandbox();

    @BeforeAll
    static void theImageIsThisBuilds() {
        Image.require();
    }

    @Override
    protected Sandbox sandbox() {
        return SANDBOX;
    }

    @Test
    void eachHostHasItsOwnSysctlsAndTheyCanBeChangedAsTheRunGoesOn() {
        String machines = read("/proc/sys/net/ipv4/tcp_fin_timeout");
        CellPlan plan = CellPlan.plain().with(Role.CLIENT, FIN_TIMEOUT, "7").with(Role.SERVER, FIN_TIMEOUT, "11");
        try (Cell cell = SANDBOX.open(plan)) {
            assertThat(cell.host(Role.CLIENT).sysctl(FIN_TIMEOUT)).isEqualTo("7");
            assertThat(cell.host(Role.SERVER).sysctl(FIN_TIMEOUT)).isEqualTo("11");

            cell.host(Role.CLIENT).setSysctl(FIN_TIMEOUT, "13");

            assertThat(cell.host(Role.CLIENT).sysctl(FIN_TIMEOUT)).isEqualTo("13");
            assertThat(cell.host(Role.SERVER).sysctl(FIN_TIMEOUT)).isEqualTo("11");
        }
        assertThat(read("/proc/sys/net/ipv4/tcp_fin_timeout")).isEqualTo(machines);
    }

    @Test
    void theAgentMayWriteNothingBelowProcSysButItsOwnNetwork() {
        String status = inContainer("grep", "-E", "^(Uid|CapEff|NoNewPrivs)", "/proc/1/status");

        assertThat(status).contains("Uid:\t65532");
        assertThat(status).as("NET_ADMIN, and nothing else").contains("CapEff:\t0000000000001000");
        assertThat(status).contains("NoNewPrivs:\t1");
        assertThatThrownBy(() -> server().setSysctl("net.core.rmem_max", "1000000"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rmem_max");
    }

    @Test
    void eachOfTheAddressesConnectsToEachOther() throws InterruptedException {
        try (Cell cell = SANDBOX.open(CellPlan.plain().withClientAddresses(3).withServerAddresses(2))) {
            Host client = cell.host(Role.CLIENT);
            RunningServer server = cell.host(Role.SERVER).serve(new WellBehaved(false));
            assertThat(client.addresses()).hasSize(3);
            assertThat(server.addresses()).hasSize(2);
            client.load(client.plan(new Hold(), server)
                    .withSources(client.addresses().stream()
                            .map(address -> new InetSocketAddress(address, 0))
                            .toList())
                    .withTargets(server.addresses())
                    .withStop(new Stop.AfterCount(6)));

            Census census = client.await(seen -> seen.count(ESTABLISHED) == 6, SOON);

            assertThat(pairs(census.in(ESTABLISHED))).hasSize(6);
        }
    }

    @Test
    void errorsComeAsTheKernelSaidThem() throws InterruptedException {
        Socket socket = client().socket();
        Socket listener = Connection.listener(server(), 1);
        InetSocketAddress nobody = listener.local();
        listener.close();

        assertThat(socket.connect(nobody, SOON).errno()).contains(Errno.ECONNREFUSED);
        assertThatThrownBy(() -> client().sysctl("net.ipv4.no_such_thing"))
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
        assertThatThrownBy(() -> client().setSysctl(FIN_TIMEOUT, "soon")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsSeenFromOutsideIsWhatTheAgentSays() throws InterruptedException {
        RunningServer running = server().serve(new WellBehaved(false));
        client().load(client().plan(new ShortLived(), running).withStop(new Stop.AfterCount(20)))
                .awaitEnd(SOON);
        LoadPlan hold = client().plan(new Hold(), running).withStop(new Stop.AfterCount(5));
        RunningLoad held = client().load(hold);
        // Until then an answer may wait in a receive queue, in the one look and not in the other.
        await().atMost(SOON).until(() -> held.report().bytesReceived() == 5L * hold.payloadBytes());
        for (Role role : Role.values()) {
            Host host = role == Role.CLIENT ? client() : server();
            try (Namespace namespace =
                            Namespace.open(namespaceOf(host.addresses().getFirst()), role.label());
                    SockDiag sockDiag = SockDiag.open(namespace);
                    CounterReader counters = CounterReader.open(namespace)) {
                assertThat(told(host.census())).isEqualTo(told(sockDiag.census(SocketQuery.all())));
                assertThat(host.counters().get("TcpPassiveOpens"))
                        .isEqualTo(counters.read().get("TcpPassiveOpens"));
                assertThat(host.counters().get("TcpActiveOpens"))
                        .isEqualTo(counters.read().get("TcpActiveOpens"));
            }
        }
    }

    @Test
    void stateChangesOfBothHostsAreSeenFromThisKernel() throws InterruptedException {
        try (Cell cell = SANDBOX.open(CellPlan.plain().withTransitions())) {
            Host client = cell.host(Role.CLIENT);
            RunningServer running = cell.host(Role.SERVER).serve(new WellBehaved(false));
            client.load(client.plan(new ShortLived(), running).withStop(new Stop.AfterCount(10)))
                    .awaitEnd(SOON);
            cell.host(Role.SERVER).await(census -> census.sockets().size() == census.count(LISTEN), SOON);

            assertThat(cell.transitions()).hasSize(100);
        }
    }

    @Test
    void aCaptureHasTheCellsSegmentsAndNothingElse(@TempDir Path folder) throws InterruptedException {
        Path file = folder.resolve("capture.pcapng");
        try (Cell cell = SANDBOX.open(CellPlan.plain().withCapture())) {
            var capture = cell.capture(file);
            Socket listener = Connection.listener(cell.host(Role.SERVER), 1);
            Connection connection = Connection.open(cell.host(Role.CLIENT), listener);
            connection.closeFrom(Role.CLIENT);
            cell.host(Role.SERVER).await(census -> census.count(ESTABLISHED) == 0, SOON);
            var summary = capture.finish();

            assertThat(summary.dropped()).isZero();
            assertThat(summary.frames()).isGreaterThanOrEqualTo(6);
            assertThat(file).isNotEmptyFile();
        }
    }

    @Test
    void aKilledContainerIsMissingEvidenceAndEverythingIsRemoved() {
        Cell cell = SANDBOX.open(CellPlan.plain());
        Host server = cell.host(Role.SERVER);
        List<String> cellsOwn = Stream.of(Role.values())
                .map(role -> idOf(cell.host(role).addresses().getFirst()))
                .toList();
        ENGINE.killContainerCmd(idOf(server.addresses().getFirst())).exec();

        assertThatThrownBy(() -> server.await(census -> false, SOON))
                .isInstanceOf(EvidenceMissing.class)
                .hasMessageContaining("the agent in the server's container is lost")
                .hasMessageContaining("the container has ended with code 137, by SIGKILL");
        assertThat(cell.host(Role.CLIENT).census().sockets()).isEmpty();
        cell.close();

        // Not by their number: another test's cell may be on its way out.
        assertThat(ours()).extracting(Container::getId).doesNotContainAnyElementsOf(cellsOwn);
    }

    @Test
    void whatCantBeDoneIsKnownBefore() {
        assertThat(SANDBOX.obstacle(CellPlan.plain())).isEmpty();
        assertThat(SANDBOX.obstacle(CellPlan.plain().withWire()))
                .hasValueSatisfying(reason -> assertThat(reason).contains("--sandbox namespaces"));
        assertThat(SANDBOX.obstacle(CellPlan.plain().with(Role.CLIENT, "net.ipv4.tcp_mem", "1 2 3")))
                .hasValueSatisfying(reason -> assertThat(reason).contains("net.ipv4.tcp_mem"));
    }

    private static Set<String> pairs(List<TcpSocket> sockets) {
        return sockets.stream()
                .map(socket -> socket.local().getAddress() + " " + socket.peer().getAddress())
                .collect(Collectors.toSet());
    }

    /** All that doesn't change by itself, without the engine's name server. */
    private static Set<String> told(Census census) {
        return census.sockets().stream()
                .filter(socket -> !socket.local().getAddress().getHostAddress().equals("127.0.0.11"))
                .map(socket -> "%s %s %s %d %d %d"
                        .formatted(
                                socket.state(),
                                socket.local(),
                                socket.peer(),
                                socket.inode(),
                                socket.recvQueue(),
                                socket.cookie()))
                .collect(Collectors.toSet());
    }

    private String inContainer(String... command) {
        String id = idOf(server().addresses().getFirst());
        String exec = ENGINE.execCreateCmd(id)
                .withCmd(command)
                .withAttachStdout(true)
                .exec()
                .getId();
        StringBuilder said = new StringBuilder();
        try {
            ENGINE.execStartCmd(exec)
                    .exec(
                            new com.github.dockerjava.api.async.ResultCallback.Adapter<
                                    com.github.dockerjava.api.model.Frame>() {
                                @Override
                                public void onNext(com.github.dockerjava.api.model.Frame frame) {
                                    said.append(
                                            new String(frame.getPayload(), java.nio.charset.StandardCharsets.US_ASCII));
                                }
                            })
                    .awaitCompletion();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return said.toString();
    }

    private static String namespaceOf(InetAddress address) {
        return "/proc/"
                + ENGINE.inspectContainerCmd(idOf(address)).exec().getState().getPidLong() + "/ns/net";
    }

    private static String idOf(InetAddress address) {
        return ours().stream()
                .filter(container -> container.getNetworkSettings() != null
                        && container.getNetworkSettings().getNetworks().values().stream()
                                .anyMatch(network -> address.getHostAddress().equals(network.getIpAddress())))
                .findFirst()
                .orElseThrow()
                .getId();
    }

    private static List<Container> ours() {
        return ENGINE.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(Map.of(
                        "io.tcplab.owner.pid",
                        Long.toString(ProcessHandle.current().pid())))
                .exec();
    }

    private static String read(String path) {
        try (var in = Files.newInputStream(Path.of(path))) {
            return new String(in.readNBytes(100), java.nio.charset.StandardCharsets.US_ASCII).strip();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
