package io.tcplab.experiments.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.Expectation;
import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Verdict;
import io.tcplab.experiments.run.ExpectationResult;
import io.tcplab.experiments.run.Preflight;
import io.tcplab.experiments.run.PreparedRun;
import io.tcplab.experiments.run.RunListener;
import io.tcplab.experiments.run.RunRequest;
import io.tcplab.experiments.run.RunResult;
import io.tcplab.experiments.run.Runner;
import io.tcplab.kernel.limits.KernelRelease;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a kernel lacks doesn't refute an experiment: it goes by what the kernel has, and says so. */
@Tag("slow")
class OlderKernelTest {
    private static final String LINEAR = "net.ipv4.tcp_syn_linear_timeouts";
    private static final String DELAY = "net.ipv4.tcp_tw_reuse_delay";

    @Test
    void withoutLinearTimeoutsItDoublesFromTheStart() throws InterruptedException {
        SynRetrySchedule experiment = new SynRetrySchedule();
        ExpectationResult linear =
                confirmed(experiment, experiment.LINEAR_FIRST, new OlderKernel(Map.of(LINEAR, "0"), Map.of()));
        assertThat(linear.expected()).startsWith("[1.0, 3.0, 7.0]");
        assertThat(linear.reason()).contains("came with Linux 6.5");
    }

    @Test
    void withoutADelayATimeWaitIsKeptForTheClocksSecond() throws InterruptedException {
        TimeWaitReuse experiment = new TimeWaitReuse();
        ExpectationResult early =
                confirmed(experiment, experiment.TOO_SOON, new OlderKernel(Map.of(DELAY, "1000"), Map.of()));
        assertThat(early.reason()).contains("came with Linux 6.14");
    }

    @Test
    void withoutACounterOfItsOwnAnOldTimestampIsCountedElsewhere() throws InterruptedException {
        TwRecycle experiment = new TwRecycle();
        OlderKernel older = new OlderKernel(Map.of(), Map.of("TcpExtPAWSTimewait", "TcpExtPAWSEstab"));
        ExpectationResult counted = confirmed(experiment, experiment.COUNTED, older);
        assertThat(counted.observed()).isEqualTo("1");
        assertThat(counted.reason()).contains("TcpExtPAWSEstab");
    }

    @Test
    void beforeItsRemovalTwRecycleIsThereAndWorks() {
        assertThat(TwRecycleSysctl.absent("ENOENT").difference()).isEmpty();
        assertThat(TwRecycleSysctl.absent("0").test()).accepts("0").rejects("ENOENT");
        assertThat(TwRecycleSysctl.absent("0").difference()).contains("Linux 4.12 removed it");
        assertThat(TwRecycleSysctl.lasting(true).test()).accepts(0.7).rejects(59.9);
        assertThat(TwRecycleSysctl.answer(true).test()).accepts("nothing").rejects("SYN-ACK");
    }

    @Test
    void anOldKernelThatHidesTwRecycleInNamespacesDoesNotLackIt() {
        assertThat(TwRecycleSysctl.known("ENOENT", KernelRelease.parse("4.12"))).isEqualTo("ENOENT");
        assertThat(TwRecycleSysctl.known("0", KernelRelease.parse("4.11.12"))).isEqualTo("0");
        assertThatThrownBy(() -> TwRecycleSysctl.known("ENOENT", KernelRelease.parse("4.9.0-19-amd64")))
                .isInstanceOf(EvidenceMissing.class)
                .hasMessageContaining("the whole host's");
    }

    @Test
    void beforeLinux618WhatBindHadMayBeKeptFromConnect() {
        assertThat(OtherSource.afterBind(KernelRelease.parse("6.12.95+deb12-amd64"), 64)
                        .test())
                .accepts(0L, 64L)
                .rejects(63L);
        assertThat(OtherSource.afterBind(KernelRelease.parse("6.18"), 64).test())
                .accepts(64L)
                .rejects(0L);
    }

    private static ExpectationResult confirmed(Experiment experiment, Expectation expectation, OlderKernel kernel)
            throws InterruptedException {
        List<PreparedRun> runs =
                Preflight.prepare(new RunRequest(List.of(experiment), Map.of(), Map.of(), kernel, 1, false, 1)).stream()
                        .map(kernel::prepared)
                        .toList();
        List<RunResult> results = new ArrayList<>();
        new Runner(kernel, new RunListener() {}).run(runs, results::add);
        RunResult result = results.getFirst();
        assertThat(result.verdict()).as(result.reason()).isEqualTo(Verdict.CONFIRMED);
        return result.expectations().stream()
                .filter(one -> one.expectation().equals(expectation))
                .findFirst()
                .orElseThrow();
    }
}
