package io.tcplab.experiments;

import io.tcplab.client.LoadReport;
import io.tcplab.experiments.cell.Cell;
import io.tcplab.experiments.cell.Connection;
import io.tcplab.experiments.cell.Host;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.kernel.transitions.Transition;
import io.tcplab.kernel.wire.Match;
import io.tcplab.kernel.wire.Rule;
import io.tcplab.kernel.wire.RuleHandle;
import io.tcplab.kernel.wire.Wire;
import io.tcplab.kernel.wire.WireSegment;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** One arm of one run, as an experiment's steps see it: its cell, its knobs, and where observations go. */
public final class Trial {
    private final Cell cell;
    private final KnobValues knobs;
    private final boolean faulty;
    private final Consumer<String> progress;
    private final Map<Expectation, Observation> observations = new LinkedHashMap<>();
    private final Map<String, Measurement> measurements = new LinkedHashMap<>();
    private final Map<String, String> unmeasured = new LinkedHashMap<>();
    private final List<NamedLoad> loads = new ArrayList<>();

    /** A source of one piece of evidence; it throws {@link EvidenceMissing} where there is none. */
    @FunctionalInterface
    public interface Evidence<T> {
        /** Asks the kernel. */
        T get();
    }

    /** Something that an experiment does. */
    @FunctionalInterface
    public interface Action {
        /** Does it. */
        void run() throws InterruptedException;
    }

    /**
     * Begins a trial.
     *
     * @param faulty whether the fault is to be there
     * @param progress called with each step
     */
    public Trial(Cell cell, KnobValues knobs, boolean faulty, Consumer<String> progress) {
        this.cell = cell;
        this.knobs = knobs;
        this.faulty = faulty;
        this.progress = progress;
    }

    /** The host that connects. */
    public Host client() {
        return cell.host(Role.CLIENT);
    }

    /** The host that listens. */
    public Host server() {
        return cell.host(Role.SERVER);
    }

    /** The host of that role. */
    public Host host(Role role) {
        return cell.host(role);
    }

    /** Whether this arm has the fault; the only thing in which the arms may differ. */
    public boolean faulty() {
        return faulty;
    }

    /** A step that is only taken with the fault. */
    public void stepIfFaulty(String what, Action fault) throws InterruptedException {
        if (faulty) {
            step(what);
            fault.run();
        }
    }

    /** What is only done with the fault. */
    public <T> Optional<T> ifFaulty(Supplier<T> fault) {
        return faulty ? Optional.of(fault.get()) : Optional.empty();
    }

    /** The value of a knob. */
    public <T> T knob(Knob<T> knob) {
        return knobs.get(knob);
    }

    /** The cell's state changes so far, both hosts'; see {@link Cell#transitions()}. */
    public List<Transition> transitions() {
        return cell.transitions();
    }

    /** The states to which a host's sockets changed so far, in order of time. */
    public Stream<TcpState> states(Role host) {
        var addresses = host(host).addresses();
        return transitions().stream()
                .filter(one -> addresses.contains(one.local().getAddress()))
                .map(Transition::to);
    }

    /** How many of a host's sockets ended with this path of states: see {@link StatePaths#ending}. */
    public long ending(Role host, String path) {
        return StatePaths.ending(transitions(), host(host).addresses(), path);
    }

    /** The wire between the hosts, if the cell was planned with one; see {@link Cell#wire()}. */
    public Wire wire() {
        return cell.wire();
    }

    /** From now on the wire loses what the match means. */
    public RuleHandle drop(String name, Match match) {
        return wire().add(Rule.drop(name, match));
    }

    /** From now on the wire keeps what the match means, until it is released. */
    public RuleHandle hold(String name, Match match) {
        return wire().add(Rule.hold(name, match));
    }

    /** From now on the wire counts what the match means, and lets it pass. */
    public RuleHandle count(String name, Match match) {
        return wire().add(Rule.pass(name, match));
    }

    /** How many segments a rule has met; see {@link Cell#matched}. */
    public long matched(RuleHandle rule) {
        return cell.matched(rule);
    }

    /** All segments so far; see {@link Cell#segments()}. */
    public List<WireSegment> segments() {
        return cell.segments();
    }

    /** A listener on the server, on a port that the kernel chooses. */
    public Socket listener(int backlog) {
        return Connection.listener(server(), backlog);
    }

    /** A client that has connected; nobody has accepted it. */
    public Socket connect(InetSocketAddress server) throws InterruptedException {
        Socket client = Connection.socket(client());
        client.connect(server, Host.SOON).orThrow("connect to " + server);
        return client;
    }

    /** What connect() says to one more client, which keeps what it gets. */
    public String tryConnect(InetSocketAddress server) throws InterruptedException {
        return Connection.socket(client()).connect(server, Host.SOON).name();
    }

    /** This many clients that have connected; nobody has accepted them. */
    public List<Socket> connect(InetSocketAddress server, int count) throws InterruptedException {
        List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(connect(server));
        }
        return clients;
    }

    /** As many clients as can connect of this many, from whichever port the kernel finds. */
    public List<Socket> connectAsFarAsPossible(InetSocketAddress server, int count) throws InterruptedException {
        List<Socket> connected = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Socket client = client().socket();
            if (client.connect(server, Host.SOON).ok()) {
                connected.add(client);
            } else {
                client.close();
            }
        }
        return connected;
    }

    /** A connection, accepted. */
    public Connection open(Socket listener) throws InterruptedException {
        return Connection.open(client(), listener);
    }

    /** This many connections, each accepted before the next one is made. */
    public List<Connection> open(Socket listener, int count) throws InterruptedException {
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            connections.add(open(listener));
        }
        return connections;
    }

    /** Tells the user what happens now, in the present tense. */
    public void step(String what) {
        progress.accept(what);
    }

    /** Compares the evidence with the expectation; unavailable evidence is noted as missing. */
    public <T> void observe(Expectation expectation, Expected<T> expected, Evidence<T> evidence) {
        Observation observation;
        try {
            observation = Observation.of(expectation, expected, evidence.get());
        } catch (EvidenceMissing missing) {
            observation = Observation.missing(expectation, expected.text(), String.valueOf(missing.getMessage()));
        }
        if (observations.put(expectation, observation) != null) {
            throw new IllegalStateException("observed twice: " + expectation.statement());
        }
    }

    /** Compares a number that was already read from the kernel. */
    public void observe(Expectation expectation, Expected<Long> expected, long observed) {
        observe(expectation, expected, () -> observed);
    }

    /** Compares a text that was already read from the kernel: usually an error's name. */
    public void observe(Expectation expectation, Expected<String> expected, String observed) {
        observe(expectation, expected, () -> observed);
    }

    /** Notes a figure for the report; {@code name} is dotted and begins with the host: {@code client.EADDRNOTAVAIL}. */
    public void measure(String name, double value, String unit) {
        measurements.put(name, new Measurement(value, unit));
    }

    /** Notes what one of the experiment's measures comes to. */
    public void measure(Measure measure, double value) {
        measure(measure.name(), value, measure.unit());
    }

    /** Notes what one of the experiment's measures comes to, a count. */
    public void measure(Measure measure, long count) {
        measure(measure, (double) count);
    }

    /** Notes what one of the experiment's measures comes to; where the kernel won't tell, the reason instead. */
    public void measure(Measure measure, Evidence<? extends Number> evidence) {
        try {
            measure(measure, evidence.get().doubleValue());
        } catch (EvidenceMissing missing) {
            unmeasured.put(measure.name(), String.valueOf(missing.getMessage()));
        }
    }

    /**
     * Notes what a load came to for the report.
     *
     * @param name what it did, in a few words
     * @return the same report
     */
    public LoadReport keep(String name, LoadReport report) {
        loads.add(new NamedLoad(name, report));
        return report;
    }

    /** The loads that were noted, in that order. */
    public List<NamedLoad> loads() {
        return List.copyOf(loads);
    }

    /** What has been observed, in the order of observation. */
    public Map<Expectation, Observation> observations() {
        return new LinkedHashMap<>(observations);
    }

    /** Measures that aren't available here, and why. */
    public Map<String, String> unmeasured() {
        return new LinkedHashMap<>(unmeasured);
    }

    /** What has been measured, in the order of measurement. */
    public Map<String, Measurement> measurements() {
        return new LinkedHashMap<>(measurements);
    }
}
