package io.tcplab.kernel.sysctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.ffm.ProcFile;
import io.tcplab.kernel.limits.KernelRelease;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.sysctl.SysctlKnob.Access;
import io.tcplab.kernel.sysctl.SysctlKnob.Default;
import io.tcplab.kernel.sysctl.SysctlKnob.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Holds the catalogue against the running kernel, in a new namespace. */
class SysctlCatalogueTest {
    private static final KernelRelease KERNEL = KernelRelease.current();

    private final Namespace namespace = Namespace.create("catalogue");

    @AfterEach
    void closeNamespace() {
        namespace.close();
    }

    @Test
    void everyTcpKnobOfThisKernelIsInTheCatalogue() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/sys/net/ipv4"))) {
            List<String> missing = files.map(file -> "net.ipv4." + file.getFileName())
                    .filter(name -> name.startsWith("net.ipv4.tcp_"))
                    .filter(name -> SysctlCatalogue.find(name).isEmpty())
                    .toList();
            assertThat(missing).as("knobs that knobs.txt lacks").isEmpty();
        }
    }

    @Test
    void aNamespaceHasWhatIsPerNamespaceAndOfThisKernel() {
        assertThat(perNamespace()).allSatisfy(knob -> assertThat(exists(knob)).isTrue());
        assertThat(SysctlCatalogue.knobs())
                .filteredOn(knob -> knob.until().map(KERNEL::isAtLeast).orElse(false))
                .isNotEmpty()
                .allSatisfy(knob -> assertThat(exists(knob)).isFalse());
    }

    @Test
    void whatIsGlobalIsTheHostsAndCannotBeSetInANamespace() {
        assertThat(knobsOfThisKernel())
                .filteredOn(knob -> knob.scope() == Scope.GLOBAL)
                .allSatisfy(knob -> {
                    assertThat(Path.of(path(knob))).exists();
                    assertThat(refusal(knob, "1")).isIn(Optional.of(Errno.ENOENT), Optional.of(Errno.EACCES));
                });
    }

    @Test
    void whatIsReadOnlyIsMarkedSo() {
        assertThat(perNamespace())
                .allSatisfy(knob -> assertThat(namespace.call(() -> Files.getPosixFilePermissions(Path.of(path(knob)))
                                .contains(PosixFilePermission.OWNER_WRITE)))
                        .isEqualTo(knob.access() == Access.READ_WRITE));
    }

    @Test
    void aNewNamespaceHasTheDefaults() {
        assertThat(perNamespace()).allSatisfy(knob -> {
            Written written =
                    knob.range().write(knob.range().canonical(read(knob)), Optional.empty(), name -> Optional.empty());
            assertThat(written.taken())
                    .hasValueSatisfying(taken -> assertThat(taken.doubt()).isEmpty());
            if (knob.defaultValue() instanceof Default.Constant constant) {
                assertThat(knob.range().canonical(read(knob))).isEqualTo(constant.value());
            }
        });
    }

    @Test
    void meaningsAreSentencesAndRowsDiffer() {
        assertThat(SysctlCatalogue.knobs())
                .hasSizeGreaterThan(100)
                .allSatisfy(knob -> assertThat(knob.meaning()).matches("[A-Z].*\\."));
        assertThat(SysctlCatalogue.knobs().stream().map(SysctlKnob::meaning).collect(Collectors.toSet()))
                .hasSameSizeAs(SysctlCatalogue.knobs());
    }

    @Test
    void findsByEitherSpelling() {
        assertThat(SysctlCatalogue.find("net/ipv4/tcp_sack"))
                .isEqualTo(SysctlCatalogue.find("net.ipv4.tcp_sack"))
                .isPresent();
        assertThat(SysctlCatalogue.find("net.ipv4.nonsense")).isEmpty();
    }

    private boolean exists(SysctlKnob knob) {
        return namespace.call(() -> Files.exists(Path.of(path(knob))));
    }

    private List<SysctlKnob> perNamespace() {
        return knobsOfThisKernel().stream()
                .filter(knob -> knob.scope() == Scope.PER_NAMESPACE)
                .toList();
    }

    private static List<SysctlKnob> knobsOfThisKernel() {
        return SysctlCatalogue.knobs().stream()
                .filter(SysctlCatalogueTest::isOfThisKernel)
                .toList();
    }

    /** By its release; and what the firewall has is there only with its module. */
    private static boolean isOfThisKernel(SysctlKnob knob) {
        boolean loaded = !knob.name().startsWith("net.netfilter.") || Files.exists(Path.of("/proc/sys/net/netfilter"));
        return loaded
                && knob.since().map(KERNEL::isAtLeast).orElse(true)
                && !knob.until().map(KERNEL::isAtLeast).orElse(false);
    }

    /** What the kernel answers to a value in this namespace; empty if it takes it. */
    private Optional<Errno> refusal(SysctlKnob knob, String value) {
        return namespace.call(() -> {
            try {
                ProcFile.write(path(knob), value + "\n");
                return Optional.empty();
            } catch (KernelException e) {
                return Optional.of(e.errno());
            }
        });
    }

    private String read(SysctlKnob knob) {
        return namespace.call(() -> ProcFile.read(path(knob))).strip();
    }

    private static String path(SysctlKnob knob) {
        return SysctlName.parse(knob.name()).path();
    }
}
