package io.tcplab.kernel.sysctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tcplab.kernel.netns.Namespace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Judges files of the kinds that are found in public, by the running kernel. */
class FoundFilesTest {
    @Test
    void whatDistributionsShipIsNotAboutTcp() throws Exception {
        assertThat(complaints("distribution.conf")).isEmpty();
        assertThat(lint("distribution.conf").unjudged()).isGreaterThan(4);
    }

    @Test
    void aValueIsJudgedBehindWhichSomethingStands() throws Exception {
        assertThat(complaints("comments.conf"))
                .containsExactly(
                        "1 harmful",
                        "2 misread",
                        "4 invalid",
                        "5 invalid",
                        "6 invalid",
                        "7 invalid",
                        "8 invalid",
                        "9 invalid",
                        "10 invalid",
                        "11 doubtful",
                        "13 invalid",
                        "14 syntax",
                        "15 harmful");
    }

    @Test
    void theRangeOfPortsIsHeldAgainstTheUnprivilegedOnesAsTheyStandAtItsLine() throws Exception {
        assertThat(complaints("ports.conf")).containsExactly("1 invalid", "4 invalid");
    }

    @Test
    void whatIsGoneOrAbsentHereIsNotUnknown() throws Exception {
        assertThat(complaints("dump.conf"))
                .containsExactly("1 gone", "2 gone", "3 gone", "4 gone", "5 gone", "6 absent", "7 absent", "8 unknown");
        assertThat(lint("dump.conf").findings())
                .filteredOn(finding -> finding.message().contains("did you mean"))
                .extracting(LintFinding::line)
                .containsExactly(8);
        assertThat(lint("dump.conf").unjudged()).isEqualTo(1);
    }

    /** A namespace doesn't show what is the host's; and where some of a family are there it isn't absent. */
    @Test
    void whatIsNotSeenIsNotSaidToBeMissing() throws Exception {
        String text = """
                net.core.dev_weight = 64
                net.core.bpf_jit_enable = 1
                net.ipv6.conf.all.no_such_knob = 1
                net.ipv4.conf.eth7.rp_filter = 1
                """;
        assertThat(judged(text).findings()).isEmpty();
        assertThat(judged(text).unjudged()).isEqualTo(4);
        assertThat(judged("net.ipv4.udp_mem = 1 2 3").findings())
                .extracting(finding -> finding.topic().label(), LintFinding::message)
                .containsExactly(
                        tuple("absent", "doesn't appear in this namespace: it belongs to the host, or doesn't exist"));
        assertThat(judged("net.ipv4.tcp_men = 1 2 3").findings())
                .extracting(finding -> finding.topic().label())
                .containsExactly("unknown");
    }

    /** Errors and warnings. */
    private static List<String> complaints(String file) throws Exception {
        return lint(file).findings().stream()
                .filter(finding -> finding.severity() != LintFinding.Severity.NOTE)
                .map(finding -> finding.line() + " " + finding.topic().label())
                .toList();
    }

    private static SysctlLint.Result lint(String file) throws Exception {
        return judged(text(file));
    }

    private static SysctlLint.Result judged(String text) throws Exception {
        try (Namespace untouched = Namespace.create("found")) {
            return untouched.call(
                    () -> SysctlLint.ofThisKernel(SysctlDefaults.read()).judge(text));
        }
    }

    private static String text(String file) throws IOException {
        try (InputStream resource = Objects.requireNonNull(FoundFilesTest.class.getResourceAsStream(file), file)) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
