package io.tcplab.cli;

import io.tcplab.cluster.Member;
import io.tcplab.cluster.SpreadTrials;
import io.tcplab.compare.run.Plan;
import io.tcplab.compare.run.Sample;
import io.tcplab.compare.run.Share;
import io.tcplab.compare.verdict.NodeResult;
import io.tcplab.report.SamplesJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** What a cluster's machines have reported of their trials. */
final class Collected implements SpreadTrials.Listener {
    private final Plan plan;
    private final List<Member> machines;
    private final List<Share> shares;
    private final Consumer<String> lines;
    private final List<Sample> samples = new CopyOnWriteArrayList<>();
    private final Map<Member, String> kernels = new ConcurrentHashMap<>();

    /**
     * Nothing yet.
     *
     * @param machines in the order of their shares
     * @param lines is given a line about each trial
     */
    Collected(Plan plan, List<Member> machines, List<Share> shares, Consumer<String> lines) {
        this.plan = plan;
        this.machines = List.copyOf(machines);
        this.shares = List.copyOf(shares);
        this.lines = lines;
    }

    @Override
    public void ended(Member machine, String result) {
        int index = machines.indexOf(machine);
        SamplesJson.Arrived arrived = read(result);
        kernels.put(machine, arrived.kernel());
        arrived.samples().stream()
                .map(sample -> sample.on(name(index), shares.get(index).before()))
                .forEach(this::add);
    }

    private static SamplesJson.Arrived read(String result) {
        try {
            return SamplesJson.read(result);
        } catch (IOException e) {
            throw new UncheckedIOException("a machine's trial can't be read", e);
        }
    }

    private void add(Sample sample) {
        samples.add(sample);
        lines.accept("%s (%s #%d of %d, on %s): %s"
                .formatted(
                        plan.design().experiment().story().name(),
                        plan.settings().get(sample.setting() - 1).setting().label(),
                        sample.trial(),
                        plan.trials(),
                        sample.node().orElseThrow(),
                        sample.isKept() ? "ended" : "dropped: " + sample.run().problem()));
    }

    /** As the cluster calls it; where several machines have one name, with a number. */
    private String name(int index) {
        String name = machines.get(index).hello().node();
        long same = machines.stream()
                .filter(machine -> machine.hello().node().equals(name))
                .count();
        return same == 1
                ? name
                : "%s #%d".formatted(name, machines.get(index).hello().number());
    }

    List<Sample> samples() {
        return new ArrayList<>(samples);
    }

    /** How each did its share; {@code problems} are in the same order, none of them if that isn't known. */
    List<NodeResult> machines(List<Optional<String>> problems) {
        return IntStream.range(0, machines.size())
                .mapToObj(i -> new NodeResult(
                        name(i),
                        kernels.getOrDefault(machines.get(i), ""),
                        shares.get(i).trials(),
                        (int) samples.stream()
                                .filter(sample -> sample.node().equals(Optional.of(name(i))))
                                .count(),
                        problems.isEmpty() ? "" : problems.get(i).orElse("")))
                .toList();
    }

    /** What a user should know of machines that aren't alike. */
    List<String> notes() {
        List<String> different = kernels.values().stream().distinct().sorted().toList();
        return different.size() < 2
                ? List.of()
                : List.of("the machines have different kernels, %s: an effect is the mean of theirs"
                        .formatted(String.join(", ", different)));
    }
}
