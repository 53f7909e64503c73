package io.tcplab.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** In the order that JUnit itself plans for these classes. */
class LongestFirstTest {
    /** Not as literals: this class itself is neither, and the suite looks for them in sources. */
    private static final String SLOW = "slow";

    private static final String DOCKER = "docker";

    static class ShortA {
        @Test
        void test() {}
    }

    static class ShortB {
        @Test
        void test() {}
    }

    @Tag(SLOW)
    static class Slow {
        @Test
        void test() {}
    }

    @Tag(DOCKER)
    static class WithContainers {
        @Test
        void test() {}
    }

    @Order(1)
    static class Minutes {
        @Test
        void test() {}
    }

    private static final Class<?>[] CLASSES = {
        ShortB.class, ShortA.class, Slow.class, WithContainers.class, Minutes.class
    };

    @Test
    void thatIsByNameWithoutASeed() {
        assertThat(planned(Map.of())).containsExactly("Minutes", "Slow", "WithContainers", "ShortA", "ShortB");
    }

    @Test
    void seedsChangeTheOrderOfThoseThatTakeAboutAsLong() {
        List<List<String>> orders = IntStream.range(0, 20)
                .mapToObj(seed -> planned(Map.of(LongestFirst.SEED, Integer.toString(seed))))
                .toList();
        assertThat(orders).allSatisfy(order -> {
            assertThat(order.getFirst()).isEqualTo("Minutes");
            assertThat(order.subList(1, 3)).containsExactlyInAnyOrder("Slow", "WithContainers");
        });
        assertThat(orders.stream().distinct()).hasSize(4);
        assertThat(planned(Map.of(LongestFirst.SEED, "7"))).isEqualTo(orders.get(7));
    }

    private static List<String> planned(Map<String, String> configuration) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(Stream.of(CLASSES).map(one -> selectClass(one)).toList())
                .configurationParameters(configuration)
                .configurationParameter("junit.jupiter.testclass.order.default", LongestFirst.class.getName())
                .build();
        TestPlan plan = LauncherFactory.create().discover(request);
        List<String> classes = new ArrayList<>();
        for (TestIdentifier root : plan.getRoots()) {
            for (TestIdentifier child : plan.getChildren(root)) {
                TestSource source = child.getSource().orElseThrow();
                classes.add(((ClassSource) source).getJavaClass().getSimpleName());
            }
        }
        return classes;
    }
}
