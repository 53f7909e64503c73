package io.tcplab.report;

import io.tcplab.compare.run.Sample;
import io.tcplab.compare.statistics.Blocks;
import io.tcplab.compare.verdict.ComparisonResult;
import io.tcplab.compare.verdict.Judge;
import io.tcplab.compare.verdict.NodeResult;
import io.tcplab.compare.verdict.Reason;
import io.tcplab.compare.verdict.SettingResult;
import io.tcplab.compare.verdict.SysctlDifference;
import io.tcplab.experiments.Bound;
import io.tcplab.experiments.Measure;
import io.tcplab.experiments.Measure.Better;
import io.tcplab.experiments.Measurement;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.Verdict;
import io.tcplab.experiments.run.MeasuredRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A comparison with something of everything: a fact, a test, nothing, infinity, dropped runs, text that formats must escape. */
final class CompareSamples {
    private static final Measure FAILED =
            Measure.count("client.failed", "connections", Better.LOWER, "connects that failed | for <whatever> reason");
    private static final Measure LATENCY = Measure.latency("client.connect.p99", Better.LOWER, "time to connect");
    private static final Measure ENDS = Measure.timer("client.end", Better.NEITHER, "until it ends");
    private static final Measure RESETS = Measure.count("server.resets", "segments", Better.LOWER, "RSTs");
    private static final double NEVER = Double.POSITIVE_INFINITY;

    private CompareSamples() {}

    static CompareReport report() {
        return new CompareReport("6.18.44", false, List.of(comparison()), List.of(), List.of());
    }

    static ComparisonResult comparison() {
        Map<Measure, List<double[]>> values = new LinkedHashMap<>();
        values.put(FAILED, List.of(values(2000, 2000, 2000, 2000, 2000), values(0, 0, 0, 0), values()));
        values.put(LATENCY, List.of(values(10.5, 11, 9.25, 12, 10), values(20, 22, 21, 19.5), values()));
        values.put(ENDS, List.of(values(5, 5, 5, 5, 5), values(NEVER, NEVER, NEVER, NEVER), values()));
        values.put(RESETS, List.of(values(0, 0, 0, 0, 0), values(0, 0, 0, 0), values()));
        return new ComparisonResult(
                "time-wait-storm",
                Bound.THROUGHPUT,
                1,
                7,
                5,
                false,
                61.04,
                settings(),
                Judge.judge(blocks(values), 7),
                List.of(new SysctlDifference(
                        Role.CLIENT, "net.ipv4.ip_local_port_range", List.of("10000\t10999", "1\t9", ""))),
                List.of(
                        new Reason("net.ipv4.ip_local_port_range", "each in TIME_WAIT keeps one.", List.of(19), true),
                        new Reason("net.ipv4.ip_local_port_range", "it does nothing.", List.of(26, 18), false)),
                List.of("not set: article.conf:2:1: net.ipv4.tcp_tw_recycle is gone since Linux 4.12 (this is 6.18)"),
                samples(values),
                List.of());
    }

    /** The same on two machines, of which one was lost. */
    static CompareReport onMachines() {
        ComparisonResult one = comparison();
        List<Sample> spread = one.samples().stream()
                .map(sample -> sample.trial() > 3 ? sample.on("node-b", 0) : sample.on("node-a", 0))
                .toList();
        ComparisonResult result = new ComparisonResult(
                one.experiment(),
                one.bound(),
                one.jobs(),
                one.seed(),
                one.trials(),
                one.interrupted(),
                one.seconds(),
                one.settings(),
                one.measures(),
                one.sysctls(),
                one.reasons(),
                one.notes(),
                spread,
                List.of(
                        new NodeResult("node-a", "6.18.44", 3, 9, ""),
                        new NodeResult("node-b", "6.1.0", 2, 3, "node 2 (node-b) is lost: its connection ended")));
        return new CompareReport("6.18.44, 6.1.0", false, List.of(result), List.of(), List.of());
    }

    private static Map<Measure, List<Blocks>> blocks(Map<Measure, List<double[]>> values) {
        Map<Measure, List<Blocks>> blocks = new LinkedHashMap<>();
        values.forEach((measure, bySetting) ->
                blocks.put(measure, bySetting.stream().map(Blocks::of).toList()));
        return blocks;
    }

    private static List<SettingResult> settings() {
        Map<String, Object> knobs = Map.of("rate", 1000);
        return List.of(
                new SettingResult(
                        1,
                        "range=10000 10999",
                        "namespaces",
                        knobs,
                        ports("10000\t10999"),
                        Map.of(Verdict.CONFIRMED, 5L),
                        5,
                        0,
                        List.of()),
                new SettingResult(
                        2,
                        "range=1 9, \"small\"",
                        "namespaces",
                        knobs,
                        ports("1\t9"),
                        Map.of(Verdict.REFUTED, 4L),
                        4,
                        2,
                        List.of("the generator was late")),
                new SettingResult(
                        3,
                        "sandbox=host",
                        "host",
                        knobs,
                        Map.of(),
                        Map.of(),
                        0,
                        0,
                        List.of("nothing is changed here", "nothing is changed here")));
    }

    private static Map<Role, Map<String, String>> ports(String range) {
        return Map.of(Role.CLIENT, Map.of("net.ipv4.ip_local_port_range", range));
    }

    private static List<Sample> samples(Map<Measure, List<double[]>> values) {
        List<Sample> samples = new ArrayList<>();
        for (int setting = 1; setting <= 2; setting++) {
            int trials = 6 - setting;
            for (int trial = 1; trial <= trials; trial++) {
                Map<String, Measurement> measured = new LinkedHashMap<>();
                for (var entry : values.entrySet()) {
                    double value = entry.getValue().get(setting - 1)[trial - 1];
                    measured.put(
                            entry.getKey().name(),
                            new Measurement(value, entry.getKey().unit()));
                }
                samples.add(new Sample(
                        setting,
                        trial,
                        new MeasuredRun(measured, Map.of(), Optional.empty(), Map.of(), List.of(), "", 1),
                        List.of()));
            }
        }
        samples.add(new Sample(
                3,
                1,
                new MeasuredRun(
                        Map.of(), Map.of(), Optional.empty(), Map.of(), List.of(), "nothing, \"is\" changed", 0),
                List.of()));
        return samples;
    }

    private static double[] values(double... values) {
        return values;
    }
}
