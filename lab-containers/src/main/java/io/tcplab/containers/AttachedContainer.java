package io.tcplab.containers;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A container of the lab's image that the lab talks to over the container's standard input and output, through the engine:
 * there is no port that others could reach.
 *
 * <p>When the lab hangs up, or is killed, the engine closes the container's standard input (StdinOnce); what is inside then ends,
 * and the container is removed (AutoRemove).
 */
public final class AttachedContainer extends GenericContainer<AttachedContainer> {
    private static final Duration ATTACHING = Duration.ofSeconds(30);
    private static final Duration ENDING = Duration.ofSeconds(5);
    private static final int KILLED = 128 + 9;

    /** The variable with JVM options for scripts/lab, here and inside the container. */
    public static final String JVM_OPTIONS = "LAB_JAVA_OPTS";

    private final AgentInput input = new AgentInput();
    private final StderrTail lastWords = new StderrTail();
    private final Line line;
    private final Output output = new Output();
    private final WaitContainerResultCallback exit = new WaitContainerResultCallback();

    /** What hears the container. Both methods are called by one thread of the engine's client, and must not block. */
    public interface Line {
        /** Bytes from its standard output, in pieces of any size. */
        void arrived(byte[] piece);

        /** Nothing more will come. */
        void cut(String why);
    }

    /**
     * Not yet made.
     *
     * @param command the lab's, inside
     * @param address of its network; empty: the engine chooses
     * @param host names the network, which is there already
     */
    public AttachedContainer(
            String image,
            List<String> command,
            Optional<InetAddress> address,
            Map<String, String> labels,
            HostConfig host,
            Line line) {
        super(DockerImageName.parse(image));
        this.line = line;
        withImagePullPolicy(any -> false);
        withLabels(labels);
        withCommand(command.toArray(String[]::new));
        Optional.ofNullable(System.getenv(JVM_OPTIONS)).ifPresent(options -> withEnv(JVM_OPTIONS, options));
        withCreateContainerCmdModifier(create -> create(create, host, address));
    }

    private static void create(CreateContainerCmd create, HostConfig host, Optional<InetAddress> address) {
        address.map(InetAddress::getHostAddress).ifPresent(create::withIpv4Address);
        create.withHostConfig(host)
                .withStdinOpen(true)
                .withStdInOnce(true)
                .withAttachStdin(true)
                .withAttachStdout(true)
                .withAttachStderr(true)
                // A health check would be another process, which the cell doesn't know.
                .withHealthcheck(new HealthCheck().withTest(List.of("NONE")));
    }

    /** Attached before it starts: were the lab killed in between, a container would wait for its first word for ever. */
    @Override
    protected void containerIsCreated(String containerId) {
        dockerClient
                .attachContainerCmd(containerId)
                .withStdIn(input)
                .withStdOut(true)
                .withStdErr(true)
                .withFollowStream(true)
                .exec(output);
        try {
            if (!output.awaitStarted(ATTACHING.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("the engine did not attach to the container");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while attaching to a container", e);
        }
    }

    /** From its start on: once it has ended, it is removed, and can no longer be asked. */
    @Override
    protected void containerIsStarting(InspectContainerResponse container) {
        dockerClient.waitContainerCmd(container.getId()).exec(exit);
    }

    /** Bytes for its standard input; doesn't block. */
    public void send(byte[] bytes) {
        input.add(bytes);
    }

    /** The end of what it has written to its standard error, in one line. */
    public String lastWords() {
        return lastWords.text();
    }

    /** Hangs up, and removes it. */
    @Override
    public void stop() {
        try {
            input.close();
            output.close();
            exit.close();
        } catch (IOException e) {
            throw new UncheckedIOException("hanging up", e);
        } finally {
            super.stop();
        }
    }

    /** What the container writes. */
    private final class Output extends ResultCallback.Adapter<Frame> {
        @Override
        public void onNext(Frame frame) {
            switch (frame.getStreamType()) {
                case STDOUT -> line.arrived(frame.getPayload());
                case STDERR -> lastWords.add(frame.getPayload());
                default -> {} // there is no third stream
            }
        }

        @Override
        public void onError(Throwable broken) {
            super.onError(broken);
            line.cut("the connection to the engine broke (" + broken + ")");
        }

        @Override
        public void onComplete() {
            // Asked first: the end of it interrupts this thread.
            String code = code();
            super.onComplete();
            line.cut("the container has ended" + code);
        }

        private String code() {
            try {
                int code = exit.awaitStatusCode(ENDING.toSeconds(), TimeUnit.SECONDS);
                return " with code " + code
                        + (code == KILLED ? ", by SIGKILL: killed by a user, or out of memory" : "");
            } catch (DockerClientException unknown) {
                return "";
            }
        }
    }
}
