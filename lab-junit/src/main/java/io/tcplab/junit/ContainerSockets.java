package io.tcplab.junit;

import io.tcplab.kernel.sockets.Census;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.OptionalInt;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.ContainerState;

/**
 * The sockets of a container that Testcontainers has started, whatever runs in it: assertions and the diagnosis for a
 * service in any language.
 *
 * <pre>{@code
 * try (ContainerSockets sockets = ContainerSockets.of(service)) {
 *     assertThat(sockets).onPort(8080).haveNone(CLOSE_WAIT).within(ofSeconds(5));
 * }
 * }</pre>
 *
 * <p>They are seen from inside, by a second container that shares the network and the processes of the first. So it works
 * where the engine's kernel is not this machine's, as with Docker Desktop. It needs an image with Java 25: {@code
 * tcplab/lab:dev}, or what the variable LAB_IMAGE says; the code that runs in it comes from this class path.
 *
 * <p>Looking takes a few tenths of a second, for a JVM that starts. Testcontainers is an optional dependency: yours.
 */
public final class ContainerSockets implements TcpSockets, AutoCloseable {
    private final String owner;
    private final SideCar sideCar;

    private ContainerSockets(String owner, SideCar sideCar) {
        this.owner = owner;
        this.sideCar = sideCar;
    }

    /**
     * Those of a container that runs. Starts the second one; closing this removes it.
     *
     * @throws IllegalStateException if it can't be started; the message says what to do
     */
    public static ContainerSockets of(ContainerState container) {
        String name = container.getContainerInfo().getName().replaceFirst("^/", "");
        return new ContainerSockets("container " + name, SideCar.start(container.getContainerId()));
    }

    @Override
    public String owner() {
        return owner;
    }

    @Override
    public Census census() {
        Census census = Witness.census(run("census"));
        if (!census.complete()) {
            throw new IllegalStateException("the kernel interrupted every attempt to list the sockets of " + owner);
        }
        return census;
    }

    @Override
    public String diagnosis(OptionalInt port) throws InterruptedException {
        ExecResult result = exec("diagnosis", port.isPresent() ? Integer.toString(port.getAsInt()) : "all");
        return said(result);
    }

    private String run(String... arguments) {
        try {
            return said(exec(arguments));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while looking into " + owner, e);
        }
    }

    private ExecResult exec(String... arguments) throws InterruptedException {
        try {
            return sideCar.exec(arguments);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String said(ExecResult result) {
        if (result.getExitCode() != 0) {
            throw new IllegalStateException(
                    "can't look into " + owner + ": " + result.getStdout() + result.getStderr());
        }
        return result.getStdout();
    }

    /** Removes the second container; the first is untouched. */
    @Override
    public void close() {
        sideCar.close();
    }

    @Override
    public String toString() {
        return "sockets of " + owner;
    }
}
