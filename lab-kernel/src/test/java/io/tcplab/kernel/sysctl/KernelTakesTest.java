package io.tcplab.kernel.sysctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.ffm.ProcFile;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.sysctl.NumberRange.Span;
import io.tcplab.kernel.sysctl.SysctlKnob.Access;
import io.tcplab.kernel.sysctl.SysctlKnob.Scope;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds what the catalogue says of a value against the running kernel: each is written, as sysctl(8) writes it, to a
 * namespace of the test's own; does the kernel take it, and what does it show then?
 */
class KernelTakesTest {
    /** What people write and what a parser may trip over. One line each, no space around it. */
    private static final List<String> NASTY = Stream.concat(
                    Stream.of(
                            "",
                            "0",
                            "1",
                            "2",
                            "3",
                            "7",
                            "-0",
                            "-1",
                            "+1",
                            "--1",
                            "- 1",
                            "00",
                            "010",
                            "-010",
                            "08",
                            "0x1e",
                            "0X1E",
                            "0x",
                            "0xg",
                            "1e3",
                            "1.5",
                            "1,000",
                            "1_000",
                            "15s",
                            "60k",
                            "yes",
                            "true",
                            "on",
                            "x",
                            "#",
                            "\\",
                            "1\\",
                            "\"1\"",
                            "'1'",
                            "1 # c",
                            "1 ; c",
                            "1\t# c",
                            "1# c",
                            "1#c",
                            "1;",
                            "0;",
                            "1 x",
                            "1 2",
                            "1\t2",
                            "1\u000b2",
                            "1\f2",
                            "1\r2",
                            "1\u00a02",
                            "1\u00a0",
                            "１",
                            "1 2 3",
                            "3 2 1",
                            "1 2 3 4",
                            "1 2 x",
                            "1 x 3",
                            "4096 # c",
                            "4096 87380 # c",
                            "4096 87380 16777216 # c",
                            "4096 87380 16777216# c",
                            "4096, 87380, 16777216",
                            "4096\t87380\t16777216",
                            "4096 87380 2147483648",
                            "4096 87380 -1",
                            "0 87380 16777216",
                            "255",
                            "256",
                            "65535",
                            "65536",
                            "2147483647",
                            "2147483648",
                            "-2147483648",
                            "-2147483649",
                            "4294967295",
                            "4294967296",
                            "9223372036854775807",
                            "9223372036854775808",
                            "18446744073709551615",
                            "18446744073709551616",
                            "-18446744073709551615",
                            "99999999999999999999",
                            "000000000000000000000",
                            "00000000000000000000",
                            "0000000000000000001",
                            "00000000000000000000001",
                            "0x000000000000000000001",
                            "1024-65000",
                            "1024 65000",
                            "1024,65000",
                            "1024 65000 # c",
                            "1023 65000",
                            "1024 65536",
                            "0 65535",
                            "65000 1024",
                            "1024 1024",
                            "1024",
                            "60000",
                            "2000 x",
                            "2000 # c",
                            "40000",
                            "32768 60999",
                            "80,443",
                            "80, 443",
                            ",80",
                            "80,",
                            "80,,443",
                            "80-90",
                            "90-80",
                            "80-",
                            "-80",
                            "80-90-100",
                            "80 443",
                            "80 # c",
                            "80# c",
                            "0x50",
                            "080",
                            "80-0x5a",
                            "65536",
                            "1-65535",
                            "1-65536",
                            "80;443",
                            "8080,9000-9010,8081",
                            "reno",
                            "cubic",
                            "reno # c",
                            "reno;",
                            "Reno",
                            "reno cubic",
                            "none_such",
                            "bbr",
                            "nosuchmodule_x",
                            "0a1b2c3d-0a1b2c3d-0a1b2c3d-0a1b2c3d",
                            "0a1b2c3d-0a1b2c3d-0a1b2c3d",
                            "a-b-c-d",
                            "a-b-c-d # c",
                            "a-b-c-d,1-2-3-4",
                            "a-b-c-d,",
                            "a-b-c-d,1-2-3",
                            "g-b-c-d",
                            "0x1-0x2-0x3-0x4",
                            " a- b- c- d",
                            "123456789-1-1-1",
                            "-1-2-3-4",
                            "a -b-c-d"),
                    random())
            .map(String::strip)
            .distinct()
            .toList();

    private static final int RANDOM = 100;
    private static final String ALPHABET = "0011234567890089xX- \t,;#aF";

    private final Namespace namespace = Namespace.create("takes");

    @AfterEach
    void closeNamespace() {
        namespace.close();
    }

    static List<SysctlKnob> settable() {
        RunningKernel kernel = RunningKernel.current();
        return SysctlCatalogue.knobs().stream()
                .filter(knob -> knob.scope() == Scope.PER_NAMESPACE && knob.access() == Access.READ_WRITE)
                .filter(knob -> kernel.has(SysctlName.parse(knob.name())))
                .toList();
    }

    private static Stream<String> random() {
        Random random = new Random(13);
        return IntStream.range(0, RANDOM)
                .mapToObj(i -> IntStream.range(0, 1 + random.nextInt(12))
                        .mapToObj(j -> String.valueOf(ALPHABET.charAt(random.nextInt(ALPHABET.length()))))
                        .collect(Collectors.joining()));
    }

    @ParameterizedTest
    @MethodSource("settable")
    void asTheCatalogueSays(SysctlKnob knob) {
        List<String> wrong = namespace.call(() -> {
            List<String> all = new ArrayList<>();
            Stream.concat(NASTY.stream(), edges(knob.range()))
                    .filter(value -> !dependsOnTheTimer(knob, value))
                    .forEach(value -> difference(knob, value).ifPresent(all::add));
            return all;
        });
        assertThat(wrong).isEmpty();
    }

    /** Each end of what is taken and of what is meant, and one beyond. */
    private static Stream<String> edges(SysctlRange range) {
        if (!(range instanceof NumberRange numbers)) {
            return Stream.of();
        }
        Stream<Span> spans = Stream.concat(
                Stream.of(numbers.taken()), numbers.meant() instanceof Span meant ? Stream.of(meant) : Stream.of());
        return spans.flatMap(span -> Stream.of(span.min(), span.max()))
                .flatMap(end -> Stream.of(end.subtract(BigInteger.ONE), end, end.add(BigInteger.ONE)))
                .map(String::valueOf)
                .distinct();
    }

    /** Between what all kernels take and what none does. */
    private static boolean dependsOnTheTimer(SysctlKnob knob, String value) {
        boolean seconds = knob.range() instanceof NumberRange numbers && numbers.kind() == NumberKind.SECONDS;
        boolean ticks = seconds || knob.name().equals("net.ipv4.tcp_probe_interval");
        return ticks
                && new KernelNumber.Reader(value)
                        .next(" \t\n")
                        .map(number -> number.magnitude().bitLength())
                        .filter(bits -> bits > 20 && bits < 27)
                        .isPresent();
    }

    /** In what the kernel does otherwise than the catalogue says; empty if in nothing. */
    private static Optional<String> difference(SysctlKnob knob, String value) {
        Optional<String> before = Optional.of(shown(knob));
        Written said = knob.range().write(value, before, KernelTakesTest::standing);
        Optional<String> refusal = refusal(knob, value);
        String after = shown(knob);
        boolean right = said.taken().isPresent()
                ? refusal.isEmpty() && knob.tookEffect(said, after)
                : refusal.isPresent()
                        && after.equals(
                                said.refused().flatMap(Written.Refused::left).orElse(before.get()));
        return right
                ? Optional.empty()
                : Optional.of("\"%s\" after %s: said %s, but the kernel %s and shows %s"
                        .formatted(value, before.get(), said, refusal.orElse("takes it"), after));
    }

    private static Optional<String> standing(String name) {
        return RunningKernel.value(SysctlName.parse(name));
    }

    private static Optional<String> refusal(SysctlKnob knob, String value) {
        try {
            ProcFile.write(SysctlName.parse(knob.name()).path(), value + "\n");
            return Optional.empty();
        } catch (KernelException e) {
            return Optional.of(e.errno().name());
        }
    }

    private static String shown(SysctlKnob knob) {
        return knob.range()
                .canonical(ProcFile.read(SysctlName.parse(knob.name()).path()));
    }
}
