package io.tcplab.kernel.sysctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Patterns of names, as glob(7) has them. */
class GlobTest {
    @ParameterizedTest
    @CsvSource({
        "tcp_*, tcp_rmem",
        "tcp_*, tcp_",
        "*, ''",
        "*rmem, tcp_rmem",
        "*_*_*, tcp_keepalive_time",
        "*a*b, aabab",
        "t?p_rmem, tcp_rmem",
        "t**, t",
        "t[abc]p, tcp",
        "t[a-d]p, tcp",
        "t[a-d]p, tap",
        "t[a-d]p, tdp",
        "t[!x-z]p, tcp",
        "t[^x-z]p, tcp",
        "t[]]p, t]p",
        "t[!]]p, tcp",
        "t[a-]p, t-p",
        "t[-a]p, t-p",
        "t[*?]p, t*p",
        "t\\*p, t*p",
        "t{a}p, t{a}p",
    })
    void matches(String pattern, String text) {
        assertThat(Glob.of(pattern).test(text)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "tcp_*, udp_rmem",
        "tcp_, tcp_rmem",
        "tcp_rmem, tcp_",
        "*rmem, tcp_rmem_max",
        "*a*b, aaba",
        "t?p, tp",
        "?, ''",
        "t[abc]p, tdp",
        "t[b-d]p, tap",
        "t[b-d]p, tep",
        "t[!x-z]p, typ",
        "t[^x-z]p, typ",
        "t[!]]p, t]p",
        "t[a-]p, tbp",
        "t[d-a]p, tbp",
        "t\\*p, tcp",
        "t{a}p, tap",
    })
    void doesNotMatch(String pattern, String text) {
        assertThat(Glob.of(pattern).test(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp_[", "tcp_[a", "tcp_[]", "tcp_[!]", "tcp_\\"})
    void refusesWhatIsNoPattern(String pattern) {
        assertThatThrownBy(() -> Glob.of(pattern)).isInstanceOf(PatternSyntaxException.class);
    }

    /** A regular expression would try some 10^15 ways. */
    @Test
    @Timeout(60)
    void takesABoundedTime() {
        Glob pattern = Glob.of("*?".repeat(30) + "Z");
        assertThat(pattern.test("nf_conntrack_tcp_timeout_".repeat(10))).isFalse();
    }

    @Test
    void takesASetOfAnyLength() {
        assertThat(Glob.of("[" + "ab".repeat(50_000) + "]").test("c")).isFalse();
    }

    @Test
    @Timeout(60)
    void aFileOfStarsIsReadInABoundedTime() {
        assertThat(SysctlFile.parse("net.ipv4." + "*?".repeat(12) + "Z = 1\n").problems())
                .hasSize(1);
    }
}
