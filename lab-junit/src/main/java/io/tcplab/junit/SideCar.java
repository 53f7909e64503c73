package io.tcplab.junit;

import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Capability;
import io.tcplab.diagnose.Diagnosis;
import io.tcplab.kernel.netns.Namespace;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.MountableFile;

/** A container in which {@link Witness} runs, in another's network and among its processes. */
final class SideCar implements AutoCloseable {
    private static final String OURS = "tcplab/lab:dev";
    private static final String IMAGE = Optional.ofNullable(System.getenv("LAB_IMAGE"))
            .filter(name -> !name.isBlank())
            .orElse(OURS);
    private static final String FOLDER = "/lab-junit/";

    /** A class of each module that {@link Witness} needs. */
    private static final List<Class<?>> CODE = List.of(Witness.class, Diagnosis.class, Namespace.class);

    private final GenericContainer<?> container;

    private SideCar(GenericContainer<?> container) {
        this.container = container;
    }

    static SideCar start(String target) {
        requireImage();
        String place = "container:" + target;
        GenericContainer<?> container = new GenericContainer<>(IMAGE)
                .withNetworkMode(place)
                .withCreateContainerCmdModifier(create -> {
                    create.withEntrypoint("sleep").withCmd("infinity");
                    // Who holds which socket: another user's descriptors are open to who could trace him.
                    Objects.requireNonNull(create.getHostConfig())
                            .withPidMode(place)
                            .withCapAdd(Capability.SYS_PTRACE);
                });
        if (IMAGE.equals(OURS)) {
            container.withImagePullPolicy(image -> false);
        }
        for (int i = 0; i < CODE.size(); i++) {
            container.withCopyFileToContainer(MountableFile.forHostPath(location(CODE.get(i))), path(i));
        }
        container.start();
        return new SideCar(container);
    }

    /** Runs a command of {@link Witness} inside. */
    ExecResult exec(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "java",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                String.join(
                        ":",
                        Stream.iterate(0, i -> i < CODE.size(), i -> i + 1)
                                .map(SideCar::path)
                                .toList()),
                Witness.class.getName()));
        command.addAll(List.of(arguments));
        return container.execInContainer(command.toArray(String[]::new));
    }

    @Override
    public void close() {
        container.stop();
    }

    /** A jar, or the folder of a module that is being built. */
    private static Path location(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the class path has a location that is none", e);
        }
    }

    /** Java takes a jar by any name. */
    private static String path(int number) {
        return FOLDER + number;
    }

    /** What no registry has would be looked for there for two minutes. */
    private static void requireImage() {
        if (!IMAGE.equals(OURS)) {
            return;
        }
        try {
            DockerClientFactory.lazyClient().inspectImageCmd(IMAGE).exec();
        } catch (NotFoundException e) {
            throw new IllegalStateException(
                    "the Docker engine has no image " + IMAGE
                            + ": build it with scripts/image, or set LAB_IMAGE to any image"
                            + " with Java 25, such as eclipse-temurin:25-jre",
                    e);
        }
    }
}
