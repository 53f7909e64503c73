package io.tcplab.containers;

import io.tcplab.containers.agent.Agent;
import io.tcplab.containers.protocol.Greeting;
import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.cell.Capacity;
import io.tcplab.experiments.cell.Cell;
import io.tcplab.experiments.cell.CellPlan;
import io.tcplab.experiments.cell.CellRecording;
import io.tcplab.experiments.cell.Closing;
import io.tcplab.experiments.cell.Link;
import io.tcplab.experiments.cell.Sandbox;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Cells of two containers on a network of their own, over the kernel that Docker's engine has, be it this machine's or that of
 * a virtual one.
 */
public final class DockerSandbox implements Sandbox {
    /** Nobody can hold a segment back, or see it, in the engine's bridge. */
    static final String NO_WIRE =
            "the run needs the wire, which connects two network namespaces of one process, not containers; use"
                    + " --sandbox namespaces";

    /** Sixteen containers, each with a JVM: two processors then take two and a half minutes for the whole catalogue. */
    private static final int JOBS = 4;

    private final String run =
            HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    private final Owner owner = Owner.self();
    private Optional<Engine> engine = Optional.empty();

    @Override
    public String name() {
        return "docker";
    }

    @Override
    public Optional<String> unavailable() {
        try {
            return engine().imageLabels(LabImage.NAME).map(LabImage::problem).orElseGet(DockerSandbox::noImage);
        } catch (EngineMissing e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** The engine and its kernel; empty if none is usable, and then {@link #unavailable} says why. */
    public Optional<String> engineFound() {
        try {
            Engine found = engine();
            return Optional.of(
                    "Docker %s (API %s), over Linux %s".formatted(found.version(), found.api(), found.kernel()));
        } catch (EngineMissing e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<String> obstacle(CellPlan plan) {
        List<String> problems = new ArrayList<>();
        if (plan.link() == Link.WIRE) {
            problems.add(NO_WIRE);
        }
        plan.sysctls().values().stream()
                .flatMap(sysctls -> sysctls.entrySet().stream())
                .flatMap(sysctl -> sysctlProblem(sysctl.getKey(), sysctl.getValue()).stream())
                .distinct()
                .sorted()
                .forEach(problems::add);
        return problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", problems));
    }

    @Override
    public Capacity capacity() {
        return new Capacity(ContainerHost.DESCRIPTORS - Capacity.RESERVE, false, JOBS);
    }

    @Override
    public String kernel() {
        return engine().kernel();
    }

    @Override
    public Cell open(CellPlan plan) {
        if (plan.link() == Link.WIRE) {
            throw new EvidenceMissing(NO_WIRE);
        }
        return Uninterruptibly.call(() -> {
            Deque<AutoCloseable> made = new ArrayDeque<>();
            try {
                return open(plan, made);
            } catch (RuntimeException e) {
                Closing.after(e, made);
                throw e instanceof EvidenceMissing ? e : EngineRefusal.of(e);
            }
        });
    }

    private Cell open(CellPlan plan, Deque<AutoCloseable> made) {
        engine();
        Map<String, String> labels = owner.labels(run);
        CellNetwork network = CellNetwork.create(labels);
        made.push(network);
        List<InetAddress> clientAddresses = network.clients(plan.clientAddresses());
        List<InetAddress> serverAddresses = network.servers(plan.serverAddresses());
        AgentContainer client = container(Role.CLIENT, plan, network, clientAddresses.getFirst(), labels);
        AgentContainer server = container(Role.SERVER, plan, network, serverAddresses.getFirst(), labels);
        made.push(() -> Uninterruptibly.all(List.of(stopping(client), stopping(server))));
        List<Greeting> greetings = Uninterruptibly.all(List.of(() -> start(client), () -> start(server)));
        MonotonicOffset clock =
                MonotonicOffset.of(client.link(), greetings.getFirst().bootId());
        RemoteHost clientHost = new RemoteHost(client.link(), clientAddresses, CellNetwork.PREFIX, clock);
        RemoteHost serverHost = new RemoteHost(server.link(), serverAddresses, CellNetwork.PREFIX, clock);
        CellRecording recording = record(plan.transitions(), clientAddresses, greetings.getFirst());
        made.push(recording);
        return new DockerCell(clientHost, serverHost, client.link(), recording, made);
    }

    private static AgentContainer container(
            Role role, CellPlan plan, CellNetwork network, InetAddress address, Map<String, String> labels) {
        Map<String, String> sysctls = plan.settings(role);
        return new AgentContainer(
                LabImage.NAME,
                role.label(),
                address,
                labels,
                ContainerHost.of(network.network().getId(), sysctls, plan.capture()));
    }

    private static Callable<Boolean> stopping(AgentContainer container) {
        return () -> {
            container.stop();
            return true;
        };
    }

    private static Greeting start(AgentContainer container) {
        container.start();
        Greeting greeting = container.link().greeting();
        if (greeting.protocol() != Greeting.PROTOCOL) {
            throw new EvidenceMissing(
                    "the agent in the image %s speaks protocol %d, and this lab %d. Rebuild the image: scripts/image"
                            .formatted(LabImage.NAME, greeting.protocol(), Greeting.PROTOCOL));
        }
        return greeting;
    }

    /** The tracepoint sees all of a kernel's namespaces, and so the containers', if it is this kernel. */
    private static CellRecording record(boolean wanted, List<InetAddress> clientAddresses, Greeting greeting) {
        return isThisKernel(greeting)
                ? CellRecording.start(wanted, clientAddresses)
                : CellRecording.none(
                        "the engine doesn't use this kernel, and state changes can only be recorded on this kernel");
    }

    private static boolean isThisKernel(Greeting greeting) {
        return !greeting.bootId().isEmpty() && greeting.bootId().equals(Agent.bootId());
    }

    private static Optional<String> noImage() {
        return Optional.of("the engine has no image %s, and the lab doesn't pull it. Build it: scripts/image"
                .formatted(LabImage.NAME));
    }

    /** Looks for it once, and then removes what killed labs have left there. */
    private synchronized Engine engine() {
        if (engine.isEmpty()) {
            Engine found = Engine.find();
            Uninterruptibly.call(() -> {
                Sweep.of(found.client());
                return true;
            });
            engine = Optional.of(found);
        }
        return engine.get();
    }
}
