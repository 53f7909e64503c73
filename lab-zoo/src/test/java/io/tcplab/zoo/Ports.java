package io.tcplab.zoo;

import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.zoo.Habitat.PATIENCE;

import io.tcplab.junit.Role;
import java.util.stream.Stream;

/** Trouble with local ports, and with connections that become more. */
final class Ports {
    private static final String RANGE = "net.ipv4.ip_local_port_range";
    private static final int SOME = 20;

    private Ports() {}

    static Stream<Specimen> specimens() {
        return Stream.of(
                Specimen.of("python that binds before it connects", "ports-exhausted", habitat -> {
                            ports(habitat, Role.SERVER, "serve", "0.0.0.0", "8000", "8001", "8002", "8003");
                            habitat.awaitListener(Role.SERVER, 8003);
                            habitat.cell().client().sysctl(RANGE, "40000 40063");
                            ports(
                                    habitat,
                                    Role.CLIENT,
                                    "bind_first",
                                    habitat.address(),
                                    "8000",
                                    "8001",
                                    "8002",
                                    "8003");
                            habitat.awaitAnswers();
                        })
                        .onClient(),
                Specimen.of("python with a client for each request", "connections-growing", habitat -> {
                            habitat.threads("echo");
                            ports(habitat, Role.CLIENT, "one_each", habitat.address(), "8000");
                            habitat.clients().haveAtLeast(SOME, ESTABLISHED).within(PATIENCE);
                        })
                        .onClient(),
                Specimen.of("python that has connected to itself", "self-connected", habitat -> {
                    habitat.cell().server().sysctl(RANGE, "8000 8015");
                    ports(habitat, Role.SERVER, "to_itself", habitat.address(), "8000");
                    habitat.awaitAnswers();
                }),
                Specimen.of("python client on the port of a server", "port-taken", habitat -> {
                    ports(habitat, Role.CLIENT, "serve", "0.0.0.0", "8001");
                    habitat.awaitListener(Role.CLIENT, 8001);
                    ports(
                            habitat,
                            Role.SERVER,
                            "take",
                            habitat.cell().client().address().getHostAddress(),
                            "8000",
                            "8001");
                    habitat.awaitAnswers();
                }));
    }

    private static void ports(Habitat habitat, Role role, String... arguments) {
        habitat.start(
                role,
                Stream.concat(Stream.of("python3", ProgramFolder.program("ports.py")), Stream.of(arguments))
                        .toList());
    }
}
