package io.tcplab.containers;

import io.tcplab.client.Load;
import io.tcplab.client.LoadPlan;
import io.tcplab.containers.protocol.Call;
import io.tcplab.containers.protocol.MessageReader;
import io.tcplab.containers.protocol.MessageWriter;
import io.tcplab.containers.protocol.Values;
import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.cell.CensusPolling;
import io.tcplab.experiments.cell.EngineResolver;
import io.tcplab.experiments.cell.Host;
import io.tcplab.experiments.cell.RunningLoad;
import io.tcplab.experiments.cell.RunningServer;
import io.tcplab.experiments.cell.ServeOptions;
import io.tcplab.experiments.cell.TimedLoad;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.counters.Counters;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.ProcNetTcp;
import io.tcplab.kernel.sockets.RawCensus;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.StateCounts;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.server.Behaviour;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A host that is a container. Everything happens there, through its agent; only conditions are judged here. */
public final class RemoteHost implements Host {
    private final AgentLink link;
    private final List<InetAddress> addresses;
    private final MonotonicOffset clock;

    /**
     * Opens the host.
     *
     * @param addresses the first is the container's already; the agent adds the others
     * @param prefix of the cell's network
     */
    public RemoteHost(AgentLink link, List<InetAddress> addresses, int prefix, MonotonicOffset clock) {
        this.link = link;
        this.addresses = List.copyOf(addresses);
        this.clock = clock;
        link.tell(
                Call.OPEN,
                call -> call.each(this.addresses, MessageWriter::address).integer(prefix));
    }

    /** Why it is gone, if it is. */
    public Optional<String> lost() {
        return link.lost();
    }

    @Override
    public List<InetAddress> addresses() {
        return addresses;
    }

    @Override
    public RunningServer serve(Behaviour behaviour, ServeOptions options) {
        return link.ask(
                Call.SERVE,
                call -> Values.write(call.text(behaviour.spec()), options),
                answer -> new RemoteServer(link, answer.integer(), answer.each(MessageReader::endpoint)));
    }

    @Override
    public LoadPlan plan(Load load, RunningServer server) {
        return LoadPlan.of(load, server.addresses().getFirst());
    }

    @Override
    public RunningLoad load(LoadPlan plan) {
        return link.ask(Call.LOAD, call -> Values.write(call, plan), answer -> new RemoteLoad(link, answer.integer()));
    }

    /** Makes a load ready to begin; returns when it is. */
    public Prepared prepare(LoadPlan plan) {
        int handle = link.ask(Call.PREPARE, call -> Values.write(call, plan), MessageReader::integer);
        return new Prepared(link, clock, handle);
    }

    /** A load that is ready. */
    public record Prepared(AgentLink link, MonotonicOffset clock, int handle) {
        /**
         * Has it begin at an instant of the lab's clock; returns when it has.
         *
         * @return with times of the lab's clock
         */
        public TimedLoad begin(long atNanos) throws InterruptedException {
            return link.await(
                    Call.BEGIN,
                    Duration.ofNanos(Math.max(0, atNanos - System.nanoTime())),
                    call -> call.integer(handle).number(clock.toAgent(atNanos)),
                    answer -> new RemoteTimedLoad(
                            new RemoteLoad(link, answer.integer()), handle, clock.toLab(answer.number())));
        }
    }

    /** How many of the container's sockets that the query asks for are in each state. */
    public StateCounts states(SocketQuery query) {
        return toLab(link.ask(Call.STATES_OF, call -> Values.write(call, query), Values::stateCounts));
    }

    private StateCounts toLab(StateCounts counts) {
        return new StateCounts(clock.toLab(counts.atNanos()), counts.byState(), counts.complete());
    }

    @Override
    public Socket socket() {
        return link.ask(Call.SOCKET, answer -> new RemoteSocket(link, answer.integer()));
    }

    @Override
    public Census census(SocketQuery query) {
        RawCensus raw = link.ask(Call.CENSUS, call -> Values.write(call, query), Values::rawCensus);
        if (!raw.complete()) {
            throw new EvidenceMissing(
                    "the kernel interrupted every attempt to list the sockets: too much changed in between");
        }
        Census census = EngineResolver.leftOutOf(raw.decode());
        return new Census(clock.toLab(census.atNanos()), census.sockets(), true);
    }

    @Override
    public StateCounts states() {
        return toLab(link.ask(Call.STATES, Values::stateCounts));
    }

    @Override
    public Census await(SocketQuery query, Predicate<Census> condition, Duration within) throws InterruptedException {
        return CensusPolling.until(() -> census(query), condition, within);
    }

    @Override
    public Counters counters() {
        Counters counters = link.ask(Call.COUNTERS, Values::counters);
        return new Counters(clock.toLab(counters.atNanos()), counters.values());
    }

    @Override
    public List<ProcNetTcp.Line> procNetTcp() {
        return link.ask(Call.PROC_NET_TCP, answer -> answer.each(Values::procNetTcpLine));
    }

    @Override
    public String sysctl(String name) {
        return link.ask(Call.SYSCTL, call -> call.text(name), MessageReader::text);
    }

    @Override
    public void setSysctl(String name, String value) {
        link.tell(Call.SET_SYSCTL, call -> call.text(name).text(value));
    }

    @Override
    public long descriptors(List<TcpSocket> sockets) {
        List<Long> inodes = sockets.stream().map(TcpSocket::inode).toList();
        return link.ask(Call.DESCRIPTORS, call -> call.each(inodes, MessageWriter::number), MessageReader::number);
    }

    private record RemoteServer(AgentLink link, int handle, List<InetSocketAddress> addresses)
            implements RunningServer {
        @Override
        public void resumeAccepting() {
            link.tell(Call.RESUME_ACCEPTING, call -> call.integer(handle));
        }
    }
}
