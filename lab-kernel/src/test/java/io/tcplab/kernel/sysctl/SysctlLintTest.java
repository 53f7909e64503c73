package io.tcplab.kernel.sysctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.kernel.limits.KernelRelease;
import io.tcplab.kernel.sysctl.LintFinding.Severity;
import io.tcplab.kernel.sysctl.LintFinding.Topic;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Judges files for kernels that aren't there, too. */
class SysctlLintTest {
    private static final Set<String> ABSENT = Set.of("net.ipv4.tcp_tw_recycle", "net.netfilter.nf_conntrack_max");
    private static final Map<String, String> HERE = Map.of(
            "net.ipv4.tcp_syncookies", "1", "net.ipv4.tcp_timestamps", "1", "net.ipv4.tcp_syn_linear_timeouts", "4");
    private static final SysctlDefaults DEFAULTS =
            new SysctlDefaults(Map.of("net.ipv4.tcp_max_tw_buckets", "131072"), "");

    @Test
    void judgesTheArticlesFileLineByLine() {
        assertThat(lint("""
                net.ipv4.tcp_syncookies = 1
                net.ipv4.tcp_tw_reuse = 1
                net.ipv4.tcp_tw_recycle = 1
                net.ipv4.tcp_fin_timeout = 30
                """))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("1:1: note: default: is the kernel's default already"),
                        line -> assertThat(line).startsWith("2:1: note: misread: Helps hosts that open connections"),
                        line -> assertThat(line)
                                .startsWith("3:1: error: gone: is gone since Linux 4.12 (this is 6.18). It compared"),
                        line -> assertThat(line).startsWith("4:1: note: misread: Doesn't shorten TIME_WAIT"));
    }

    @Test
    void namesTheClaimsAndExperimentsThatShowIt() {
        LintFinding gone =
                linter("6.18").judge("net.ipv4.tcp_tw_recycle=1").findings().getFirst();
        assertThat(gone.claims()).containsExactly(25, 29);
        assertThat(gone.experiments()).containsExactly("tw-recycle");
    }

    @Test
    void onAnOldKernelRecyclingDoesHarm() {
        SysctlLint old = new SysctlLint(
                new RunningKernel(KernelRelease.parse("4.9"), name -> true), name -> Optional.empty(), DEFAULTS);
        assertThat(lines(old.judge("net.ipv4.tcp_tw_recycle = 1")))
                .singleElement()
                .asString()
                .startsWith("1:1: error: harmful: It drops clients behind a NAT");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "net.ipv4.tcp_fin_timout = 30         | 1:1: error: unknown: doesn't exist, and the lab doesn't"
                        + " know it; did you mean net.ipv4.tcp_fin_timeout?",
                "net.ipv4.tcp_fin_timeout = -1        | 1:1: warning: doubtful: takes -1, but only 0 to 2147483 makes sense",
                "net.ipv4.tcp_fin_timeout = 30 # half | 1:1: note: misread: Doesn't shorten TIME_WAIT",
                "net.ipv4.tcp_fin_timeout = 30# half  | 1:28: error: invalid: takes 0 to 2147483, not \"30# half\";"
                        + " after a number the kernel accepts only",
                "net.ipv4.tcp_rmem = 4096 87380 # c   | 1:21: error: invalid: takes 3 numbers",
                "net.ipv4.tcp_fin_timeout 30          | 1:1: error: syntax: \"net.ipv4.tcp_fin_timeout 30\" has no \"=\"",
                "net.ipv4.tcp_fin_timeout = 90        | 1:1: warning: misread: Above 60 it wraps",
                "net.ipv4.tcp_max_tw_buckets = 5000   | 1:1: warning: harmful: Less than the kernel's choice",
                "net.ipv4.tcp_abort_on_overflow = 1   | 1:1: warning: harmful: A burst that fills",
                "net.ipv4.tcp_syncookies = 2          | 1:1: warning: harmful: Answers every SYN",
                "net.ipv4.tcp_timestamps = 0          | 1:1: warning: harmful: Without timestamps",
                "net.ipv4.tcp_low_latency = 1         | 1:1: warning: no-effect: The kernel still accepts it",
                "net.core.somaxconn = 1024            | 1:1: warning: harmful: Less than the default",
                "net.ipv4.tcp_max_syn_backlog = 8192  | 1:1: warning: no-effect: Limits nothing",
                "net.ipv4.tcp_mem = 1 2 3             | 1:1: note: global: is shared by the whole host",
                "net.ipv4.tcp_keepalive_time = 600    | 1:1: note: misread: Only for sockets",
                "net.ipv4.tcp_available_congestion_control = x | 1:1: error: read-only: is read-only",
                "net.core.netdev_budget_usecs = 5000  | 1:1: note: misread: Linux 6.14, and stable kernels",
                "net.ipv4.tcp_available_ulp = tls     | 1:1: error: read-only: is read-only",
                "net.netfilter.nf_conntrack_count = 5 | 1:1: error: read-only: is read-only",
                "net.ipv4.tcp_tw_rec* = 1             | 1:1: warning: gone: matches nothing here; what it would match is gone",
                "net.ipv4.tcp_nonsense_* = 1          | 1:1: warning: unknown: matches nothing that this kernel has",
                "-net.ipv4.tcp_tw_recycle = 1         | 1:2: note: gone: is gone since Linux 4.12",
                "-net.ipv4.tcp_nonsense = 1           | 1:2: note: unknown: doesn't exist"
            })
    void findsEachKindOfMistake(String line, String found) {
        assertThat(lint(line)).anySatisfy(said -> assertThat(said).startsWith(found));
    }

    @Test
    void noNameIsNearThatOnlyBeginsAlike() {
        assertThat(lint("net.ipv4.icmp_foo = 1")).singleElement().asString().doesNotContain("did you mean");
        assertThat(lint("net.ipv4.tcp_syn_cookies = 1"))
                .singleElement()
                .asString()
                .contains("mean net.ipv4.tcp_syncookies");
        assertThat(lint("net.ipv4.tcp_timestamp = 1"))
                .singleElement()
                .asString()
                .contains("mean net.ipv4.tcp_timestamps?");
    }

    @Test
    void findingsComeInTheOrderOfTheLines() {
        assertThat(lint("net.ipv4.tcp_timestamps = 0\nnet.ipv4.tcp_fin_timeout 30\n"))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("1:1: warning: harmful"),
                        line -> assertThat(line).startsWith("2:1: error: syntax"));
    }

    @Test
    void theDefaultIsNeitherLessNorMoreThanItself() {
        for (String line : List.of("net.ipv4.tcp_max_tw_buckets = 131072", "net.core.somaxconn = 4096")) {
            assertThat(lint(line)).containsExactly("1:1: note: default: is the kernel's default already");
        }
    }

    @Test
    void whatIsKnownOfADefaultComesWithItsClaims() {
        LintFinding cookies =
                linter("6.18").judge("net.ipv4.tcp_syncookies=1").findings().getFirst();
        assertThat(cookies.message()).matches("is the kernel's default already\\. .+");
        assertThat(cookies.claims()).containsExactly(22);
        assertThat(cookies.experiments()).containsExactly("syn-cookies");
    }

    @Test
    void aRuleIsForTheReleasesInWhichItIsSo() {
        assertThat(lines(linter("6.18").judge("net.ipv4.tcp_adv_win_scale = 2")))
                .anySatisfy(said -> assertThat(said).startsWith("1:1: note: no-effect"));
        assertThat(lines(linter("6.5").judge("net.ipv4.tcp_adv_win_scale = 2"))).isEmpty();
    }

    @Test
    void readsRulesOfSeveralLines() {
        List<LintRule> rules = LintRules.parse("""
                # a comment

                net.ipv4.tcp_sack | = 0 | note | no-effect | 3 17 sack-demo | 6.5
                    First.
                    Second.
                net.ipv4.tcp_dsack | | warning | harmful | |
                    Third.
                """);
        assertThat(rules)
                .containsExactly(
                        new LintRule(
                                "net.ipv4.tcp_sack",
                                LintCondition.parse("= 0"),
                                Severity.NOTE,
                                Topic.NO_EFFECT,
                                List.of(3, 17),
                                List.of("sack-demo"),
                                Optional.of(KernelRelease.parse("6.5")),
                                "First. Second."),
                        new LintRule(
                                "net.ipv4.tcp_dsack",
                                LintCondition.parse(""),
                                Severity.WARNING,
                                Topic.HARMFUL,
                                List.of(),
                                List.of(),
                                Optional.empty(),
                                "Third."));
    }

    @Test
    void countsBySeverity() {
        SysctlLint.Result result = linter("6.18")
                .judge("net.ipv4.tcp_nonsense = 1\nnet.ipv4.tcp_syncookies = 1\nnet.core.somaxconn = 4096\n");
        assertThat(result.count(Severity.ERROR)).isEqualTo(1);
        assertThat(result.count(Severity.NOTE)).isEqualTo(2);
        assertThat(result.count(Severity.WARNING)).isZero();
    }

    @Test
    void aLineDependsOnTheOthers() {
        assertThat(lint("net.ipv4.tcp_tw_reuse = 1\nnet.ipv4.tcp_timestamps = 0\n"))
                .anySatisfy(said -> assertThat(said).startsWith("1:1: warning: no-effect: Does nothing without"));
        assertThat(lint("net.ipv4.tcp_max_syn_backlog = 8192\nnet.ipv4.tcp_syncookies = 0\n"))
                .noneSatisfy(said -> assertThat(said).startsWith("1:"));
    }

    @Test
    void ofTwoLinesForOneNameTheLaterCounts() {
        assertThat(lint("""
                net.ipv4.tcp_fin_timeout = 90
                net.ipv4.tcp_sack = 0
                net/ipv4/tcp_fin_timeout = 20
                net.ipv4.tcp_fin_timeout = 20
                """))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .isEqualTo("1:1: warning: overridden: has no effect: line 4 overrides it with 20"),
                        line -> assertThat(line).startsWith("2:1: warning: harmful"),
                        line -> assertThat(line).isEqualTo("3:1: note: overridden: line 4 repeats it"),
                        line -> assertThat(line).startsWith("4:1: note: misread"));
    }

    @Test
    void aNamesOwnLineGoesOverAPatternThatComesLater() {
        assertThat(lint("net.ipv4.tcp_keepalive_probes = 3\nnet.ipv4.tcp_keepalive_* = 75\n"))
                .noneSatisfy(said -> assertThat(said).startsWith("1:"))
                .anySatisfy(said -> assertThat(said).startsWith("2:1: note: default"))
                .anySatisfy(said -> assertThat(said).startsWith("2:1: note: misread: Only for sockets"));
    }

    @Test
    void whatTheCatalogueLacksIsCountedNotJudged() {
        SysctlLint.Result result =
                linter("6.18").judge("vm.swappiness = 1\nvm.swappiness = 2\nnet.ipv4.tcp_rmem = 4096 131072 6291456\n");
        assertThat(result.findings()).isEmpty();
        assertThat(result.settings()).isEqualTo(3);
        assertThat(result.unjudged()).isEqualTo(2);
    }

    @Test
    void theDefaultIsToldWithWhatIsInForce() {
        SysctlLint other = new SysctlLint(
                new RunningKernel(KernelRelease.parse("6.18"), name -> true), name -> Optional.of("7"), DEFAULTS);
        assertThat(lines(other.judge("net.ipv4.tcp_reordering = 3")))
                .containsExactly("1:1: note: default: is the kernel's default already; here it is 7 now");
    }

    @Test
    void withoutADefaultNothingIsComparedWithIt() {
        SysctlLint blind = new SysctlLint(
                new RunningKernel(KernelRelease.parse("6.18"), name -> true),
                name -> Optional.empty(),
                SysctlDefaults.ofCatalogue("none"));
        assertThat(blind.judge("net.ipv4.tcp_max_tw_buckets = 5").findings()).isEmpty();
    }

    @Test
    void judgesByTheRunningKernel() throws InterruptedException {
        SysctlLint.Result result = SysctlLint.ofThisKernel(SysctlDefaults.read())
                .judge("net.ipv4.tcp_tw_recycle = 1\nnet.ipv4.tcp_sack = 1\n");
        assertThat(result.count(Severity.ERROR)).isEqualTo(1);
        assertThat(result.count(Severity.NOTE)).isEqualTo(1);
    }

    @Test
    void rulesAreSentencesAboutKnobsOfTheCatalogue() {
        assertThat(LintRules.all()).hasSizeGreaterThan(25).allSatisfy(rule -> {
            assertThat(rule.message()).matches("[A-Z0-9].*\\.");
            assertThat(SysctlCatalogue.find(rule.name())).as(rule.name()).isPresent();
            assertThat(rule.when().clauses()).allSatisfy(clause -> {
                if (!clause.other().isEmpty()) {
                    assertThat(SysctlCatalogue.find(clause.other()))
                            .as(clause.other())
                            .isPresent();
                }
            });
        });
    }

    @Test
    void aRuleThatCannotBeReadIsRefused() {
        assertThatThrownBy(() -> LintRules.parse("net.ipv4.tcp_sack | ~ 3 | note | misread | |\n    Text.\n"))
                .hasMessageContaining("not a condition: ~ 3");
        assertThatThrownBy(() -> LintRules.parse("net.ipv4.tcp_sack | = 3\n    Text.\n"))
                .hasMessageContaining("not a rule");
    }

    private static List<String> lint(String text) {
        return lines(linter("6.18").judge(text));
    }

    private static SysctlLint linter(String release) {
        RunningKernel kernel = new RunningKernel(
                KernelRelease.parse(release), name -> !ABSENT.contains(name.dotted()) && isKnown(name));
        return new SysctlLint(kernel, name -> Optional.ofNullable(HERE.get(name.dotted())), DEFAULTS);
    }

    private static boolean isKnown(SysctlName name) {
        return SysctlCatalogue.find(name.dotted()).isPresent() || name.dotted().startsWith("vm.");
    }

    private static List<String> lines(SysctlLint.Result result) {
        return result.findings().stream()
                .map(finding -> "%d:%d: %s: %s: %s"
                        .formatted(
                                finding.line(),
                                finding.column(),
                                finding.severity().label(),
                                finding.topic().label(),
                                finding.message()))
                .toList();
    }
}
