package io.tcplab.cluster;

import io.tcplab.containers.AgentLink;
import io.tcplab.containers.AttachedContainer;
import io.tcplab.containers.protocol.Frames;
import io.tcplab.containers.protocol.Hello;
import io.tcplab.containers.protocol.MalformedMessage;
import io.tcplab.containers.protocol.Relayed;
import io.tcplab.experiments.EvidenceMissing;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** The lab's end of a relay: makes of each connection there a line to an agent here. */
public final class RelayLine implements AttachedContainer.Line {
    private final String key;
    private final Consumer<byte[]> toRelay;
    private final Frames.Assembler frames = new Frames.Assembler(this::received);
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final Map<Integer, AgentLink> links = new ConcurrentHashMap<>();
    private final Map<String, Member> members = new TreeMap<>();
    private Optional<String> lost = Optional.empty();

    /**
     * A line over which nothing has gone yet.
     *
     * @param key of the agents that belong here
     * @param toRelay takes bytes for the relay; must not block
     */
    public RelayLine(String key, Consumer<byte[]> toRelay) {
        this.key = key;
        this.toRelay = toRelay;
    }

    @Override
    public void arrived(byte[] piece) {
        try {
            frames.add(piece);
        } catch (MalformedMessage e) {
            cut(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void cut(String why) {
        synchronized (members) {
            lost = Optional.of("the relay is lost: " + why);
            members.notifyAll();
        }
        port.completeExceptionally(new EvidenceMissing("the relay is lost: " + why));
        links.values().forEach(link -> link.cut("the relay is lost: " + why));
    }

    /** Has the relay, which must be there, take calls; waits for the port at which it does. */
    public int port(Duration within) throws InterruptedException {
        send(new Relayed.Listen(key));
        try {
            return port.get(within.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof EvidenceMissing missing ? missing : new IllegalStateException(e);
        } catch (TimeoutException e) {
            throw new EvidenceMissing("the relay hasn't started within %d s".formatted(within.toSeconds()), e);
        }
    }

    /**
     * Waits until so many agents have called, or for that long.
     *
     * @return those that have, in the order of role and number
     * @throws EvidenceMissing if the relay is lost
     */
    public Collection<Member> await(int count, Duration within) throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        synchronized (members) {
            for (long left = within.toMillis(); members.size() < count && lost.isEmpty() && left > 0; ) {
                members.wait(left);
                left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            }
            lost.ifPresent(why -> {
                throw new EvidenceMissing(why);
            });
            return List.copyOf(members.values());
        }
    }

    private void received(byte[] message) {
        switch (Relayed.of(message)) {
            case Relayed.Listen it -> throw new MalformedMessage("a lab is not told " + it);
            case Relayed.Listening it -> port.complete(it.port());
            case Relayed.Opened it -> opened(it);
            case Relayed.Data it ->
                Optional.ofNullable(links.get(it.connection())).ifPresent(link -> link.arrived(it.bytes()));
            case Relayed.Closed it ->
                Optional.ofNullable(links.remove(it.connection())).ifPresent(link -> link.cut(it.why()));
        }
    }

    /** One that comes in place of another, which a cluster may start anew, comes too late: the others go on without it. */
    private void opened(Relayed.Opened call) {
        Hello hello = call.hello();
        int connection = call.connection();
        synchronized (members) {
            if (!hello.key().equals(key) || members.containsKey(place(hello))) {
                send(new Relayed.Closed(connection, "not expected"));
                return;
            }
            AgentLink link =
                    new AgentLink(Member.name(hello), bytes -> send(Relayed.Data.of(connection, bytes)), () -> "");
            links.put(connection, link);
            members.put(place(hello), new Member(hello, call.from(), link));
            members.notifyAll();
        }
    }

    private static String place(Hello hello) {
        return "%s %6d".formatted(hello.role(), hello.number());
    }

    private void send(Relayed message) {
        toRelay.accept(Frames.around(message.toBytes()));
    }
}
