package io.tcplab.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The manifests, read with the types of Kubernetes' API: a field that it doesn't have is an error here. */
class ManifestsTest {
    private static final Path STORM = Path.of("../docker/kubernetes/storm.yaml");

    private static final Map<String, Class<? extends HasMetadata>> KINDS =
            Map.of("Namespace", Namespace.class, "Service", Service.class, "Pod", Pod.class, "Job", Job.class);

    private static final ObjectMapper YAML =
            new ObjectMapper(new YAMLFactory()).setAnnotationIntrospector(new Strict());

    @Test
    void theServerIsWhereTheClientsLookForIt() throws Exception {
        List<HasMetadata> storm = read(Files.readString(STORM));
        Service service = one(storm, Service.class);
        Pod server = one(storm, Pod.class);
        Job clients = one(storm, Job.class);

        assertThat(storm).hasSize(4);
        assertThat(server.getMetadata().getLabels())
                .containsAllEntriesOf(service.getSpec().getSelector());
        int port = service.getSpec().getPorts().getFirst().getPort();
        String target = service.getMetadata().getName() + ":" + port;
        assertThat(server.getSpec().getContainers().getFirst().getArgs()).contains(Integer.toString(port));
        PodSpec client = clients.getSpec().getTemplate().getSpec();
        assertThat(client.getContainers().getFirst().getArgs()).contains("--target", target);
        assertThat(client.getInitContainers().getFirst().getCommand().getLast()).contains("--target " + target);
    }

    @Test
    void noClientIsStartedAnewAndAllEnd() throws Exception {
        Job clients = one(read(Files.readString(STORM)), Job.class);
        assertThat(clients.getSpec().getCompletionMode()).isEqualTo("Indexed");
        assertThat(clients.getSpec().getCompletions())
                .isEqualTo(clients.getSpec().getParallelism());
        assertThat(clients.getSpec().getBackoffLimit()).isZero();
        assertThat(clients.getSpec().getActiveDeadlineSeconds()).isPositive();
        assertThat(clients.getSpec().getTtlSecondsAfterFinished()).isPositive();
        assertThat(clients.getSpec().getTemplate().getSpec().getRestartPolicy()).isEqualTo("Never");
    }

    @Test
    void nothingIsAskedForThatTheRestrictedStandardRefuses() throws Exception {
        List<HasMetadata> storm = read(Files.readString(STORM));
        for (PodSpec pod : List.of(
                one(storm, Pod.class).getSpec(),
                one(storm, Job.class).getSpec().getTemplate().getSpec())) {
            assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            assertThat(pod.getAutomountServiceAccountToken()).isFalse();
            List<Container> containers = Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream())
                    .toList();
            assertThat(containers).isNotEmpty().allSatisfy(container -> {
                assertThat(container.getSecurityContext().getAllowPrivilegeEscalation())
                        .isFalse();
                assertThat(container.getSecurityContext().getCapabilities().getDrop())
                        .containsExactly("ALL");
            });
        }
    }

    @Test
    void aFieldThatTheApiDoesNotHaveIsFound() {
        assertThatThrownBy(() -> read("{kind: Pod, apiVersion: v1, spec: {restartPolicies: Never}}"))
                .hasMessageContaining("restartPolicies");
    }

    private static List<HasMetadata> read(String text) throws IOException {
        List<HasMetadata> read = new ArrayList<>();
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(text)) {
            while (documents.hasNext()) {
                JsonNode document = documents.next();
                read.add(YAML.treeToValue(
                        document, KINDS.get(document.get("kind").asText())));
            }
        }
        return read;
    }

    private static <T> T one(List<HasMetadata> all, Class<T> kind) {
        return all.stream().filter(kind::isInstance).map(kind::cast).findFirst().orElseThrow();
    }

    /** The types keep fields that they don't know; without that Jackson refuses them. */
    private static final class Strict extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(Annotated member) {
            return false;
        }
    }
}
