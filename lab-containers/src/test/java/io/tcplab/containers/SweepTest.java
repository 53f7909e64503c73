package io.tcplab.containers;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("docker")
class SweepTest {
    private static final DockerClient ENGINE = Engine.find().client();

    private final Deque<Runnable> removals = new ArrayDeque<>();

    @AfterEach
    void remove() {
        removals.forEach(Runnable::run);
    }

    @Test
    void removesWhatAGoneLabHasLeftAndNothingElse() throws Exception {
        Map<String, String> gone = goneLab().labels("test");
        String leftNetwork = network(gone);
        String leftContainer = container(leftNetwork, gone);
        String liveNetwork = network(Owner.self().labels("test"));
        String othersNetwork = network(Map.of("somebody", "else's"));
        Owner elsewhere = new Owner("another machine", goneLab().pid(), Instant.EPOCH);
        String farNetwork = network(elsewhere.labels("test"));

        Sweep.of(ENGINE);

        assertThat(hasContainer(leftContainer)).isFalse();
        assertThat(hasNetwork(leftNetwork)).isFalse();
        assertThat(hasNetwork(liveNetwork)).isTrue();
        assertThat(hasNetwork(othersNetwork)).isTrue();
        assertThat(hasNetwork(farNetwork)).as("a lab that can't be looked for").isTrue();
    }

    @Test
    void aLabIsGoneWhenItsProcessIdIsAnothers() {
        Owner self = Owner.self();

        assertThat(self.isGone()).isFalse();
        assertThat(new Owner(self.place(), self.pid(), Instant.EPOCH).isGone()).isTrue();
        assertThat(Owner.of(self.labels("test"))).contains(self);
        assertThat(Owner.of(Map.of("io.tcplab.run", "without the rest"))).isEmpty();
        assertThat(Owner.of(Map.of())).isEmpty();
    }

    private static Owner goneLab() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        return new Owner(Owner.self().place(), process.pid(), Instant.EPOCH);
    }

    private String network(Map<String, String> labels) {
        String id = ENGINE.createNetworkCmd()
                .withName("tcplab-test-" + java.util.UUID.randomUUID())
                .withInternal(true)
                .withLabels(labels)
                .exec()
                .getId();
        removals.add(() -> ignoringMissing(() -> ENGINE.removeNetworkCmd(id).exec()));
        return id;
    }

    private String container(String network, Map<String, String> labels) {
        String id = ENGINE.createContainerCmd(LabImage.NAME)
                .withLabels(labels)
                .withHostConfig(com.github.dockerjava.api.model.HostConfig.newHostConfig()
                        .withNetworkMode(network))
                .exec()
                .getId();
        removals.addFirst(() -> ignoringMissing(
                () -> ENGINE.removeContainerCmd(id).withForce(true).exec()));
        return id;
    }

    private static boolean hasNetwork(String id) {
        return found(() -> ENGINE.inspectNetworkCmd().withNetworkId(id).exec());
    }

    private static boolean hasContainer(String id) {
        return found(() -> ENGINE.inspectContainerCmd(id).exec());
    }

    private static boolean found(Runnable look) {
        try {
            look.run();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    private static void ignoringMissing(Runnable removal) {
        found(removal);
    }
}
