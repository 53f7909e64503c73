package io.tcplab.kernel.sysctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.support.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Reads files of generated lines beside sysctl(8): each sets its own namespace, and both must come to the same. All names
 * are below {@code net}, so that nothing of the host's is set.
 */
class SysctlProgramTest {
    private static final int LINES = 300;
    private static final List<String> VALUES = List.of(
            "0",
            "1",
            "2",
            "5",
            "10",
            "010",
            "0x1e",
            "-1",
            "1 # c",
            "1# c",
            "0;",
            "15s",
            "1 2",
            "1024 65000",
            "1000 65000",
            "40000 50000",
            "1024-65000",
            "4096 87380 16777216 # c",
            "4096 8000 # c",
            "4096",
            "80,443",
            "80, 443",
            "reno",
            "reno # c",
            "",
            "x",
            "300",
            "256",
            "2147483648",
            "\"1\"",
            "1 \\",
            "= 1",
            "1\r");
    private static final List<String> FORMS = List.of(
            "%s=%s",
            "%s = %s",
            "  %s\t=\t%s  ",
            "-%s = %s",
            "- %s = %s",
            "# %s = %s",
            "; %s = %s",
            "%s %s",
            "%s: %s",
            "%s. = %s",
            "%s =%s\r",
            "-%s");
    private static final List<String> NAMES = List.of(
            "net.ipv4.tcp_*",
            "net.ipv4.tcp_keepalive_*",
            "net.*.tcp_sack",
            "net.ipv4.tcp_[fs]ack",
            "net.ipv4.tcp_?ack",
            "net.ipv4.conf.*.rp_filter",
            "net/ipv4/conf/lo/rp_filter",
            "net.ipv4.conf.lo.rp_filter",
            "net.ipv4.tcp_nonsense",
            "tcp_sack",
            "net",
            "net.ipv4",
            "net.ipv4.tcp_[");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void bothComeToTheSame(long seed, @TempDir Path folder) throws Exception {
        String text = text(new Random(seed));
        Path file = Files.writeString(folder.resolve("generated.conf"), text);
        try (Namespace theirs = Namespace.create("theirs");
                Namespace ours = Namespace.create("ours")) {
            // It fails where any of the lines does.
            Command.in(theirs, "sh", "-c", "sysctl --quiet --load=" + file + " 2>&1 || true");
            Sysctls sysctls = Sysctls.of(ours);
            SysctlFile.parse(text).values().forEach(sysctls::write);
            assertThat(different(values(ours), values(theirs), text)).isEmpty();
        }
    }

    /** What differs, each with the lines that may be why. */
    private static List<String> different(Map<String, String> ours, Map<String, String> theirs, String text) {
        return ours.keySet().stream()
                .filter(name -> !String.valueOf(ours.get(name)).equals(theirs.get(name)))
                .map(name -> "%s: ours %s, theirs %s%n%s"
                        .formatted(
                                name,
                                ours.get(name),
                                theirs.get(name),
                                text.lines()
                                        .filter(line -> line.contains(name.substring(name.lastIndexOf('.') + 1))
                                                || line.contains("*")
                                                || line.contains("?")
                                                || line.contains("["))
                                        .collect(Collectors.joining(System.lineSeparator()))))
                .toList();
    }

    private static String text(Random random) {
        List<String> names = new ArrayList<>(NAMES);
        names.addAll(KernelTakesTest.settable().stream().map(SysctlKnob::name).toList());
        return IntStream.range(0, LINES)
                .mapToObj(i -> {
                    String name = any(names, random);
                    return any(FORMS, random)
                            .formatted(random.nextInt(5) == 0 ? name.replace('.', '/') : name, any(VALUES, random));
                })
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static <T> T any(List<T> all, Random random) {
        return all.get(random.nextInt(all.size()));
    }

    /** Of all that the lines may set. */
    private static Map<String, String> values(Namespace namespace) {
        Map<String, String> values = Sysctls.of(namespace).list();
        values.remove("net.ipv4.tcp_fastopen_key");
        values.put("rp_filter", Sysctls.of(namespace).read("net.ipv4.conf.lo.rp_filter"));
        return values;
    }
}
