package io.tcplab.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.compare.design.Design;
import io.tcplab.compare.design.Factor;
import io.tcplab.compare.design.Factors;
import io.tcplab.compare.run.CompareListener;
import io.tcplab.compare.run.ComparisonRunner;
import io.tcplab.compare.run.Plan;
import io.tcplab.compare.run.Sample;
import io.tcplab.compare.verdict.ComparisonResult;
import io.tcplab.compare.verdict.Effect;
import io.tcplab.compare.verdict.Evaluation;
import io.tcplab.compare.verdict.Finding;
import io.tcplab.compare.verdict.MeasureResult;
import io.tcplab.compare.verdict.Reason;
import io.tcplab.compare.verdict.Sense;
import io.tcplab.experiments.catalogue.Catalogue;
import io.tcplab.experiments.cell.Sandboxes;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What settings really do, on the real kernel: each told rightly, with the reason. */
@Tag("slow")
class WhatItMustShowTest {
    private static final int ENOUGH_FOR_FACTS = 3;

    @Test
    void finTimeoutHasNoEffectOnTimeWaitExactly() throws Exception {
        ComparisonResult result = compare("time-wait-duration", Factors.sysctl("net.ipv4.tcp_fin_timeout=5,60"));
        assertThat(finding(result, "client.TIME_WAIT.timer", 2).words()).isEqualTo("no effect, exactly: always 60 s");
        assertThat(sentences(result)).contains("doesn't control TIME_WAIT");
        assertThat(result.reasons().getFirst().claims()).contains(26);
        assertThat(result.sysctls())
                .allSatisfy(sysctl -> assertThat(sysctl.values()).containsExactly("5", "60"));
    }

    @Test
    void finTimeoutSetsHowLongFinWait2Lasts() throws Exception {
        ComparisonResult result = compare("fin-wait2-timeout", Factors.sysctl("client:net.ipv4.tcp_fin_timeout=5,60"));
        assertThat(finding(result, "client.FIN_WAIT_2.timer", 2).words())
                .isEqualTo("large, more: 60 s instead of 5, always");
        assertThat(sentences(result)).contains("FIN_WAIT_2");
    }

    @Test
    void reuseHelpsAClientWhosePortsAreInTimeWait() throws Exception {
        ComparisonResult result = compare("port-exhaustion", Factors.sysctl("client:net.ipv4.tcp_tw_reuse=0,1,2"));
        assertLarge(finding(result, "client.again", 2), Sense.BETTER);
        assertNone(finding(result, "client.again", 3));
        assertNone(finding(result, "client.connected", 2));
        assertThat(sentences(result)).contains("only on loopback");
        assertThat(result.sysctls().getFirst().values()).containsExactly("0", "1", "2");
    }

    @Test
    void reuseWaitsForItsDelay() throws Exception {
        ComparisonResult result = compare(
                "port-exhaustion",
                Factors.sysctl("client:net.ipv4.tcp_tw_reuse=1"),
                Factors.sysctl("client:net.ipv4.tcp_tw_reuse_delay=1000,10000"));
        assertLarge(finding(result, "client.again", 2), Sense.WORSE);
        assertThat(sentences(result)).contains("how old a TIME_WAIT must be");
    }

    @Test
    void reuseEndsAStormsFailures() throws Exception {
        ComparisonResult result = compare(
                "time-wait-storm",
                Factors.sysctl("client:net.ipv4.tcp_tw_reuse=0,1,2"),
                Factors.sysctl("client:net.ipv4.tcp_tw_reuse_delay=10"),
                Factors.knob("rate=400"),
                Factors.knob("seconds=1"),
                Factors.knob("ports=100"));
        // 400 requests from 100 ports: what exactly is left over depends on how early the first ones were closed.
        assertThat(median(result, "client.EADDRNOTAVAIL", 1)).isEqualTo(300);
        assertThat(median(result, "client.EADDRNOTAVAIL", 2)).isLessThan(30);
        assertNone(finding(result, "client.EADDRNOTAVAIL", 3));
        assertThat(median(result, "client.TIME_WAIT.peak", 1)).isEqualTo(100);
    }

    @Test
    void theSmallerOfBacklogAndSomaxconnCounts() throws Exception {
        ComparisonResult result = compare(
                "backlog-overflow",
                Factors.knob("backlog=16,128"),
                Factors.sysctl("server:net.core.somaxconn=64,4096"));
        assertNone(finding(result, "server.accept-queue", 2));
        assertLarge(finding(result, "server.accept-queue", 3), Sense.BETTER);
        assertThat(List.of(
                        median(result, "server.accept-queue", 1),
                        median(result, "server.accept-queue", 2),
                        median(result, "server.accept-queue", 3),
                        median(result, "server.accept-queue", 4)))
                .containsExactly(17.0, 17.0, 65.0, 129.0);
        assertThat(sentences(result)).contains("min(backlog, somaxconn) + 1");
    }

    @Test
    void maxSynBacklogCountsWithoutCookiesOnly() throws Exception {
        ComparisonResult result = compare(
                "syn-queue-overflow",
                Factors.sysctl("server:net.ipv4.tcp_syncookies=1,0"),
                Factors.sysctl("server:net.ipv4.tcp_max_syn_backlog=8,128"));
        assertNone(finding(result, "server.SYN_RECV.held", 2));
        assertLarge(finding(result, "server.SYN_RECV.held", 3), Sense.WORSE);
        assertThat(median(result, "server.SYN_RECV.held", 3)).isEqualTo(7);
        assertLarge(finding(result, "server.ListenDrops", 3), Sense.WORSE);
        assertThat(sentences(result)).contains("counts only with tcp_syncookies=0");
    }

    @Test
    void abortOnOverflowSendsARst() throws Exception {
        ComparisonResult result =
                compare("abort-on-overflow", Factors.sysctl("server:net.ipv4.tcp_abort_on_overflow=0,1"));
        assertLarge(finding(result, "client.ECONNRESET", 2), Sense.MORE);
        assertLarge(finding(result, "server.SYN_RECV", 2), Sense.LESS);
        assertThat(sentences(result)).contains("with RST");
    }

    @Test
    void keepaliveFindsADarkPeerAsItsSysctlsSay() throws Exception {
        ComparisonResult result = compare(
                "dead-peer-detection",
                Factors.sysctl("client:net.ipv4.tcp_keepalive_time=7200,2"),
                Factors.sysctl("client:net.ipv4.tcp_keepalive_intvl=1"),
                Factors.sysctl("client:net.ipv4.tcp_keepalive_probes=2"));
        assertThat(median(result, "client.keepalive.timer", 1)).isEqualTo(7200);
        assertThat(median(result, "client.keepalive.timer", 2)).isEqualTo(2);
        assertThat(median(result, "client.keepalive.end", 1)).isInfinite();
        assertLarge(finding(result, "client.keepalive.end", 2), Sense.BETTER);
        assertThat(sentences(result)).contains("only if the program has set SO_KEEPALIVE");
    }

    @Test
    void maxTwBucketsCutsTimeWaitOffAndCountsIt() throws Exception {
        ComparisonResult result =
                compare("time-wait-buckets", Factors.sysctl("client:net.ipv4.tcp_max_tw_buckets=131072,100"));
        assertLarge(finding(result, "client.TIME_WAIT.peak", 2), Sense.LESS);
        assertLarge(finding(result, "client.TCPTimeWaitOverflow", 2), Sense.WORSE);
        assertThat(median(result, "client.TCPTimeWaitOverflow", 2)).isEqualTo(400);
        assertThat(median(result, "client.memory", 1)).isEqualTo(5 * median(result, "client.memory", 2));
        assertLarge(finding(result, "client.memory", 2), Sense.BETTER);
        assertThat(sentences(result)).contains("fixes nothing");
        assertThat(result.notes()).anySatisfy(note -> assertThat(note).contains("this experiment's own fault"));
        assertThat(result.settings().getFirst().verdicts())
                .as("that's a finding")
                .isNotEmpty();
    }

    /** How segments share buffers differs by a few hundred bytes from run to run. */
    @Test
    void rmemBoundsWhatNobodyReads() throws Exception {
        ComparisonResult result = compare(
                "close-wait-blocked",
                Factors.sysctl("server:net.ipv4.tcp_rmem=4096 131072 6291456,4096 16384 16384,4096 1048576 6291456"));
        double unset = median(result, "server.memory", 1);
        assertThat(median(result, "server.memory", 2)).isLessThan(unset / 4);
        assertThat(median(result, "server.memory", 3)).isGreaterThan(unset * 4);
        assertThat(median(result, "server.Recv-Q", 3)).isEqualTo(10 * 1_000_000);
        assertThat(sentences(result)).contains("only as the process reads");
    }

    @Test
    void synAckRetriesSetHowLongAHalfOpenConnectionIsRemembered() throws Exception {
        ComparisonResult result = compare("lost-final-ack", Factors.sysctl("server:net.ipv4.tcp_synack_retries=0,1,2"));
        assertLarge(finding(result, "server.SYN-ACK.again", 2), Sense.MORE);
        assertThat(median(result, "server.SYN-ACK.again", 3)).isEqualTo(2);
        assertThat(finding(result, "server.SYN_RECV.seconds", 3).sense()).isEqualTo(Sense.WORSE);
        assertThat(sentences(result)).contains("2^(retries + 1) - 1 seconds");
    }

    private static ComparisonResult compare(String experiment, Factor... factors) throws InterruptedException {
        Design design = Design.of(Catalogue.byName(experiment), 7).withTrials(ENOUGH_FOR_FACTS);
        for (Factor factor : factors) {
            design = design.with(factor);
        }
        Plan plan = Plan.of(design, Sandboxes::byName, "namespaces");
        List<Sample> samples = new CopyOnWriteArrayList<>();
        new ComparisonRunner(plan, new CompareListener() {}).run(samples::add);
        assertThat(samples)
                .allSatisfy(sample -> assertThat(sample.run().problem()).isEmpty());
        return Evaluation.of(plan, samples, false, 1);
    }

    private static Finding finding(ComparisonResult result, String measure, int setting) {
        return measure(result, measure).findings().get(setting - 2);
    }

    private static double median(ComparisonResult result, String measure, int setting) {
        return measure(result, measure)
                .summaries()
                .get(setting - 1)
                .orElseThrow()
                .median();
    }

    private static MeasureResult measure(ComparisonResult result, String name) {
        return result.measures().stream()
                .filter(each -> each.measure().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static void assertLarge(Finding finding, Sense sense) {
        assertThat(finding.effect()).as(finding.words()).isEqualTo(Effect.LARGE);
        assertThat(finding.exact()).as(finding.words()).isTrue();
        assertThat(finding.sense()).as(finding.words()).isEqualTo(sense);
    }

    private static void assertNone(Finding finding) {
        assertThat(finding.effect()).as(finding.words()).isEqualTo(Effect.NONE);
        assertThat(finding.exact()).as(finding.words()).isTrue();
    }

    /** What is said of the sysctls, none of which the figures may contradict. */
    private static String sentences(ComparisonResult result) {
        assertThat(result.reasons()).allMatch(Reason::expected);
        return result.reasons().stream().map(Reason::sentence).collect(Collectors.joining("\n"));
    }
}
