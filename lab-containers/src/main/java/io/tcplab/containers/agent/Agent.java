package io.tcplab.containers.agent;

import io.tcplab.containers.protocol.Answers;
import io.tcplab.containers.protocol.Call;
import io.tcplab.containers.protocol.Frames;
import io.tcplab.containers.protocol.Greeting;
import io.tcplab.containers.protocol.MessageReader;
import io.tcplab.containers.protocol.MessageWriter;
import io.tcplab.experiments.EvidenceMissing;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * Serves one lab over a pair of streams, until that lab hangs up. A call that waits holds up no other: each has a thread.
 *
 * <p>Nothing is closed at the end: the process ends, and with it the container and its network namespace.
 */
public final class Agent {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final OutputStream out;
    private final Performer performer;
    private final Executor threads = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("call-", 1).factory());

    private Agent(OutputStream out, Trials trials) {
        this.out = out;
        performer = new Performer(trials);
    }

    /**
     * Greets, and answers calls until the stream ends.
     *
     * @param version the program's, for the greeting
     * @throws IOException if a stream breaks
     */
    public static void serve(InputStream in, OutputStream out, String version) throws IOException {
        serve(in, out, version, Trials.NONE);
    }

    /** As {@link #serve(InputStream, OutputStream, String)}; can run trials as well. */
    static void serve(InputStream in, OutputStream out, String version, Trials trials) throws IOException {
        Agent agent = new Agent(out, trials);
        agent.send(new Greeting(Greeting.PROTOCOL, version, bootId()).toBytes());
        Optional<byte[]> message = Frames.read(in);
        while (message.isPresent()) {
            agent.take(message.get());
            message = Frames.read(in);
        }
    }

    /** Empty where there is no Linux. */
    public static String bootId() {
        try (InputStream in = Files.newInputStream(BOOT_ID)) {
            return new String(in.readNBytes(64), StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private void take(byte[] message) {
        MessageReader reader = new MessageReader(message);
        int id = reader.integer();
        Call call = reader.call();
        threads.execute(() -> answer(id, call, reader));
    }

    private void answer(int id, Call call, MessageReader arguments) {
        byte[] answer = answerTo(id, call, arguments);
        try {
            send(answer.length > Frames.MOST_BYTES ? tooLong(id, answer.length) : answer);
        } catch (IOException e) {
            // Nobody is there to hear it, and the reading end will find the same.
        }
    }

    private byte[] answerTo(int id, Call call, MessageReader arguments) {
        try {
            MessageWriter writer = Answers.answered(id);
            performer.perform(call, arguments, writer);
            return writer.toBytes();
        } catch (InterruptedException | RuntimeException | Error e) {
            return Answers.failed(id, e);
        }
    }

    private static byte[] tooLong(int id, int length) {
        return Answers.failed(
                id,
                new EvidenceMissing("the answer has %,d bytes, but a message holds %,d; run with fewer sockets"
                        .formatted(length, Frames.MOST_BYTES)));
    }

    private void send(byte[] message) throws IOException {
        synchronized (out) {
            out.write(Frames.around(message));
            out.flush();
        }
    }
}
