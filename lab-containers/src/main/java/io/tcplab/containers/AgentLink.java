package io.tcplab.containers;

import io.tcplab.containers.protocol.Answers;
import io.tcplab.containers.protocol.Call;
import io.tcplab.containers.protocol.Frames;
import io.tcplab.containers.protocol.Greeting;
import io.tcplab.containers.protocol.MalformedMessage;
import io.tcplab.containers.protocol.MessageReader;
import io.tcplab.containers.protocol.MessageWriter;
import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.kernel.Waits;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The lab's end of the line to one agent. Any thread may call, several at a time. When the line is cut, or the agent stays
 * silent, every call throws {@link EvidenceMissing}, with what the container said last.
 */
public final class AgentLink implements AttachedContainer.Line {
    /** No answer takes the agent longer, apart from the wait that it was asked for: else it hangs, or its machine does. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String agent;
    private final Consumer<byte[]> toAgent;
    private final Supplier<String> lastWords;
    private final Frames.Assembler fromAgent = new Frames.Assembler(this::received);
    private final CompletableFuture<Greeting> greeting = new CompletableFuture<>();
    private final AtomicInteger lastId = new AtomicInteger();
    private final Map<Integer, CompletableFuture<byte[]>> pending = new ConcurrentHashMap<>();
    private volatile Optional<String> lost = Optional.empty();

    /**
     * A line over which nothing has gone yet.
     *
     * @param agent as messages call it: {@code the agent in the client's container}
     * @param toAgent takes bytes for the agent; must not block
     * @param lastWords what else is known when it is lost, as the end of a sentence; must not block
     */
    public AgentLink(String agent, Consumer<byte[]> toAgent, Supplier<String> lastWords) {
        this.agent = agent;
        this.toAgent = toAgent;
        this.lastWords = lastWords;
    }

    /** Bytes from the agent, in pieces of any size; from one thread. */
    @Override
    public void arrived(byte[] piece) {
        try {
            fromAgent.add(piece);
        } catch (MalformedMessage e) {
            cut(String.valueOf(e.getMessage()));
        }
    }

    /** Nothing more will come. */
    @Override
    public void cut(String why) {
        lost = Optional.of(why);
        greeting.completeExceptionally(lostAgent(why));
        // What is added from now on finds the line cut by itself.
        pending.values().forEach(answer -> answer.completeExceptionally(lostAgent(why)));
    }

    /** Why nothing more will come, if that is so. */
    public Optional<String> lost() {
        return lost.map(why -> lostAgent(why).getMessage());
    }

    /** Waits for the agent's first words. */
    public Greeting greeting() {
        return uninterruptibly(greeting, PATIENCE);
    }

    /** Asks for something that the agent does at once. */
    public <T> T ask(Call call, Consumer<MessageWriter> arguments, Function<MessageReader, T> answer) {
        return decode(uninterruptibly(send(call, arguments), PATIENCE), answer);
    }

    /** As {@link #ask(Call, Consumer, Function)}, for a call without arguments. */
    public <T> T ask(Call call, Function<MessageReader, T> answer) {
        return ask(call, nothing -> {}, answer);
    }

    /** Has something done at once. */
    public void tell(Call call, Consumer<MessageWriter> arguments) {
        ask(call, arguments, nothing -> true);
    }

    /** Asks for something for which the agent waits this long. */
    public <T> T await(Call call, Duration within, Consumer<MessageWriter> arguments, Function<MessageReader, T> answer)
            throws InterruptedException {
        return decode(get(send(call, arguments), within.plus(PATIENCE)), answer);
    }

    /** Asks whether the agent is still there; one that says nothing for so long is lost from then on. */
    public void probe(Duration patience) throws InterruptedException {
        try {
            send(Call.CLOCK, nothing -> {}).get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            cut("it has said nothing for %d s, as if its machine were cut off".formatted(patience.toSeconds()));
        } catch (ExecutionException lostAlready) {
            // Whoever asks it something hears why.
        }
    }

    private CompletableFuture<byte[]> send(Call call, Consumer<MessageWriter> arguments) {
        int id = lastId.incrementAndGet();
        MessageWriter message = new MessageWriter().integer(id).constant(call);
        arguments.accept(message);
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        pending.put(id, answer);
        lost.ifPresentOrElse(
                why -> answer.completeExceptionally(lostAgent(why)),
                () -> toAgent.accept(Frames.around(message.toBytes())));
        return answer;
    }

    private void received(byte[] message) {
        if (!greeting.isDone()) {
            greeting.complete(Greeting.of(message));
            return;
        }
        CompletableFuture<byte[]> answer = pending.remove(new MessageReader(message).integer());
        if (answer != null) { // else its caller was interrupted, and gone
            answer.complete(message);
        }
    }

    private static <T> T decode(byte[] message, Function<MessageReader, T> answer) {
        MessageReader reader = new MessageReader(message);
        reader.integer();
        T value = answer.apply(Answers.orThrow(reader));
        reader.end();
        return value;
    }

    private <T> T uninterruptibly(CompletableFuture<T> answer, Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        return Waits.uninterruptibly(() -> get(answer, Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))));
    }

    private <T> T get(CompletableFuture<T> answer, Duration within) throws InterruptedException {
        try {
            return answer.get(within.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof EvidenceMissing missing
                    ? new EvidenceMissing(String.valueOf(missing.getMessage()), missing)
                    : new IllegalStateException("an answer can only come or be lost", e);
        } catch (TimeoutException e) {
            answer.cancel(false);
            throw lostAgent("it hasn't answered for %d s".formatted(within.toSeconds()));
        }
    }

    private EvidenceMissing lostAgent(String why) {
        return new EvidenceMissing("%s is lost: %s%s".formatted(agent, why, lastWords.get()));
    }
}
