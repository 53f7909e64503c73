package io.tcplab.kernel.sysctl;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.limits.KernelRelease;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The catalogue's first and last releases, against what kernels of these releases list. */
class SysctlsOfKernelsTest {
    /** What a stable kernel took over from a later one. */
    private static final Map<String, Set<String>> BACKPORTED = Map.of("6.1", Set.of("net.ipv4.tcp_shrink_window"));

    @ParameterizedTest
    @ValueSource(strings = {"6.1", "6.12"})
    void theCatalogueKnowsWhichReleaseHasWhat(String release) throws IOException {
        Set<String> expected = SysctlCatalogue.knobs().stream()
                .filter(knob -> isOf(knob, KernelRelease.parse(release)))
                .map(SysctlKnob::name)
                .filter(SysctlsOfKernelsTest::isRecorded)
                .collect(toCollection(TreeSet::new));
        expected.addAll(BACKPORTED.getOrDefault(release, Set.of()));

        Set<String> had = new TreeSet<>(recorded(release));
        had.removeIf(name -> SysctlCatalogue.find(name).isEmpty());
        assertThat(had).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.1", "6.12"})
    void theCatalogueHasAllOfTcp(String release) throws IOException {
        assertThat(recorded(release))
                .filteredOn(name -> name.startsWith("net.ipv4.tcp_"))
                .hasSizeGreaterThan(60)
                .allSatisfy(
                        name -> assertThat(SysctlCatalogue.find(name)).as(name).isPresent());
    }

    private static boolean isOf(SysctlKnob knob, KernelRelease release) {
        return knob.since().map(release::isAtLeast).orElse(true)
                && knob.until().map(until -> !release.isAtLeast(until)).orElse(true);
    }

    private static boolean isRecorded(String name) {
        return name.matches("net\\.(core|ipv4)\\.[^.]+");
    }

    private static Set<String> recorded(String release) throws IOException {
        String file = "linux-" + release + ".txt";
        try (InputStream list = Objects.requireNonNull(SysctlsOfKernelsTest.class.getResourceAsStream(file), file)) {
            return new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .collect(toCollection(TreeSet::new));
        }
    }
}
