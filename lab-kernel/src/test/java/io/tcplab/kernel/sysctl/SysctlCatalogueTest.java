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
import io.tcplab.kernel.sysctl.SysctlRange.Flags;
import io.tcplab.kernel.sysctl.SysctlRange.IntRange;
import io.tcplab.kernel.sysctl.SysctlRange.IntVector;
import io.tcplab.kernel.sysctl.SysctlRange.OneOf;
import io.tcplab.kernel.sysctl.SysctlRange.PortList;
import io.tcplab.kernel.sysctl.SysctlRange.Text;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Holds the catalogue against the running kernel, in a new namespace. */
class SysctlCatalogueTest {
    private static final KernelRelease KERNEL = KernelRelease.current();

    private static final List<String> NONSENSE = List.of(
            "-2147483648", "-1", "256", "65536", "4294967296", "99999999999999999999", "", "x", "1 2 3 4", "3 2 1");

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
            assertThat(knob.range().problem(read(knob))).isEmpty();
            if (knob.defaultValue() instanceof Default.Constant constant) {
                assertThat(knob.range().canonical(read(knob))).isEqualTo(constant.value());
            }
        });
    }

    @Test
    void theKernelTakesTheEndsOfEachRange() {
        assertThat(settable())
                .allSatisfy(knob -> assertThat(ends(knob)).allSatisfy(value -> {
                    assertThat(refusal(knob, value)).isEmpty();
                    assertThat(knob.tookEffect(value, read(knob))).isTrue();
                }));
    }

    @Test
    void theCatalogueTakesNothingBeyondThem() {
        assertThat(settable())
                .allSatisfy(knob -> assertThat(beyond(knob.range()))
                        .allSatisfy(
                                value -> assertThat(knob.range().problem(value)).isPresent()));
    }

    @Test
    void theCatalogueRefusesWhatTheKernelRefuses() {
        assertThat(settable())
                .allSatisfy(knob -> assertThat(NONSENSE)
                        .filteredOn(value -> refusal(knob, value).isPresent())
                        .allSatisfy(
                                value -> assertThat(knob.range().problem(value)).isPresent()));
    }

    @Test
    void theCatalogueRefusesWhatTheKernelTakesAndCannotMean() {
        SysctlKnob knob = SysctlCatalogue.find("net.ipv4.tcp_fin_timeout").orElseThrow();
        assertThat(refusal(knob, "-1")).isEmpty();
        assertThat(knob.range().problem("-1")).contains("takes 0 to 2147483, not -1");
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

    private List<SysctlKnob> settable() {
        return perNamespace().stream()
                .filter(knob -> knob.access() == Access.READ_WRITE)
                .toList();
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

    private static List<String> ends(SysctlKnob knob) {
        if (knob.name().equals("net.ipv4.ip_unprivileged_port_start")) {
            // Not above the lower end of ip_local_port_range.
            return List.of("1024", "0");
        }
        return switch (knob.range()) {
            case IntRange number -> List.of(Long.toString(number.max()), Long.toString(number.min()));
            case IntVector vector ->
                List.of(
                        repeated(vector.each().max(), vector.length()),
                        vector.length() == 2
                                ? "1024 65535"
                                : repeated(vector.each().min(), vector.length()));
            case Flags flags ->
                List.of(
                        Long.toString(flags.bits().keySet().stream()
                                .mapToLong(bit -> bit)
                                .sum()),
                        "0");
            case PortList ports -> List.of("65535,1,3,2,10-12", "");
            case OneOf list -> List.of("reno");
            case Text text -> List.of();
        };
    }

    private static List<String> beyond(SysctlRange range) {
        return switch (range) {
            case IntRange number ->
                List.of(
                        BigInteger.valueOf(number.min())
                                .subtract(BigInteger.ONE)
                                .toString(),
                        BigInteger.valueOf(number.max()).add(BigInteger.ONE).toString());
            case IntVector vector ->
                List.of(
                        repeated(vector.each().min() - 1, vector.length()),
                        repeated(vector.each().max() + 1, vector.length()),
                        repeated(vector.each().max(), vector.length() + 1),
                        repeated(vector.each().max(), vector.length() - 1));
            case Flags flags ->
                List.of(
                        "-1",
                        Long.toString(Long.highestOneBit(flags.bits().keySet().stream()
                                        .mapToLong(bit -> bit)
                                        .sum())
                                << 1));
            case PortList ports -> List.of("65536", "3-2", "1,", "x");
            case OneOf list -> List.of("x", "reno bbr", "");
            case Text text -> List.of("a/b", "_________________");
        };
    }

    private static String repeated(long number, int times) {
        return String.join(" ", Collections.nCopies(times, Long.toString(number)));
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
