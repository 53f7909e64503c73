package io.tcplab.kernel.sysctl;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.support.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The witness is sysctl(8), which reads the same files by other means. */
class KnobSurveyTest {
    @Test
    void showsEveryTcpKnobOfThisKernel() throws Exception {
        List<KnobState> states = KnobSurvey.of(SysctlDefaults.read());
        try (Stream<Path> files = Files.list(Path.of("/proc/sys/net/ipv4"))) {
            assertThat(states)
                    .extracting(state -> state.knob().name())
                    .containsAll(files.map(file -> "net.ipv4." + file.getFileName())
                            .filter(name -> name.startsWith("net.ipv4.tcp_"))
                            .toList());
        }
        assertThat(states).filteredOn(state -> state.value().isPresent()).hasSizeGreaterThan(80);
    }

    /** Those of a namespace are looked at in a quiet one: on the host nf_conntrack_count, say, is never the same twice. */
    @ParameterizedTest
    @EnumSource
    void showsTheValueThatSysctlPrints(SysctlKnob.Scope scope) throws Exception {
        try (Namespace quiet = Namespace.create("survey")) {
            Namespace where = scope == SysctlKnob.Scope.PER_NAMESPACE ? quiet : Namespace.current();
            List<KnobState> states = where.call(() -> KnobSurvey.of(SysctlDefaults.ofCatalogue("a test"))).stream()
                    .filter(state -> state.knob().scope() == scope)
                    .toList();
            Map<String, String> witness = sysctl(where, states);
            assertThat(states)
                    .isNotEmpty()
                    .allSatisfy(state -> assertThat(state.value().orElse(""))
                            .isEqualTo(state.knob()
                                    .range()
                                    .canonical(witness.getOrDefault(state.knob().name(), ""))));
        }
    }

    @Test
    void defaultsAreThoseOfANewNamespaceWhateverIsSetHere() throws InterruptedException {
        try (Namespace namespace = Namespace.create("survey")) {
            Sysctls.of(namespace).write("net.ipv4.tcp_fin_timeout", "17");
            KnobState finTimeout = namespace.call(() -> one("tcp_fin_timeout", SysctlDefaults.read()));
            assertThat(finTimeout.value()).contains("17");
            assertThat(finTimeout.defaultValue()).contains("60");
            assertThat(finTimeout.isChanged()).isTrue();
            KnobState sack = namespace.call(() -> one("net/ipv4/tcp_sack", SysctlDefaults.read()));
            assertThat(sack.isChanged()).isFalse();
        }
    }

    @Test
    void whatDependsOnTheMachineIsReadFromANamespace() throws InterruptedException {
        assertThat(one("tcp_max_tw_buckets", SysctlDefaults.read()).defaultValue())
                .isPresent();
        assertThat(one("tcp_max_tw_buckets", SysctlDefaults.ofCatalogue("forbidden"))
                        .defaultValue())
                .isEmpty();
        assertThat(one("tcp_sack", SysctlDefaults.ofCatalogue("forbidden")).defaultValue())
                .contains("1");
        // A new namespace gets the host's; that is no default.
        assertThat(one("tcp_rmem", SysctlDefaults.read()).defaultValue()).isEmpty();
    }

    @Test
    void readsWhatGrepPrints() {
        assertThat(SysctlDefaults.parse("""
                /proc/sys/net/ipv4/tcp_rmem:4096\t131072\t6291456
                /proc/sys/net/ipv4/ip_local_reserved_ports:
                unshare: unshare failed: Operation not permitted
                """))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("net.ipv4.tcp_rmem", "4096\t131072\t6291456", "net.ipv4.ip_local_reserved_ports", ""));
    }

    @Test
    void findsByNameByPatternAndByPart() throws InterruptedException {
        List<KnobState> all = KnobSurvey.of(SysctlDefaults.ofCatalogue("a test"));
        assertThat(KnobSurvey.find("tcp_mem", all)).hasSize(1);
        assertThat(KnobSurvey.find("net.ipv4.tcp_keepalive_*", all)).hasSize(3);
        assertThat(KnobSurvey.find("tcp_keepalive_*", all)).hasSize(3);
        assertThat(KnobSurvey.find("keepalive", all)).hasSize(3);
        assertThat(KnobSurvey.find("tcp_{", all)).isEmpty();
        assertThat(KnobSurvey.absence("tcp_fin_timeuot", all)).contains("did you mean tcp_fin_timeout?");
        assertThat(KnobSurvey.absence("tcp_tw_recycle", all)).contains("is gone since Linux 4.12");
    }

    private static KnobState one(String name, SysctlDefaults defaults) {
        return KnobSurvey.find(name, KnobSurvey.of(defaults)).getFirst();
    }

    /** What it prints of those that it can read, "net.ipv4.tcp_sack = 1". */
    private static Map<String, String> sysctl(Namespace namespace, List<KnobState> states)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sysctl", "--ignore"));
        states.forEach(state -> command.add(state.knob().name()));
        return Command.in(namespace, command.toArray(String[]::new)).stream()
                .map(line -> line.split(" = ", -1))
                .collect(toMap(line -> line[0], line -> line[1].strip()));
    }
}
