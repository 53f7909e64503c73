package io.tcplab.compare.verdict;

import io.tcplab.compare.statistics.Blocks;
import io.tcplab.compare.statistics.Contrast;
import io.tcplab.compare.statistics.Holm;
import io.tcplab.compare.statistics.Trials;
import io.tcplab.experiments.Measure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * What machines do to a measure, whatever the setting: the same test as for settings, with the roles changed. Each machine is compared with the
 * others within each setting.
 */
final class NodeEffects {
    private final List<String> machines;
    private final SplittableRandom random;
    private final List<Pair> pairs = new ArrayList<>();

    private record Pair(Measure measure, String machine, Contrast contrast) {}

    private NodeEffects(List<String> machines, long seed) {
        this.machines = machines;
        random = new SplittableRandom(seed);
    }

    /**
     * A sentence for each that is distinguishable from chance.
     *
     * @param samples of each measure, by setting, with a block for each machine
     * @param machines their names, in the order of the blocks
     */
    static List<String> of(Map<Measure, List<Blocks>> samples, List<String> machines, long seed) {
        return new NodeEffects(machines, seed).sentences(samples);
    }

    private List<String> sentences(Map<Measure, List<Blocks>> samples) {
        // Of two machines either one's difference to the other is the whole.
        int first = machines.size() == 2 ? 1 : 0;
        samples.forEach((measure, bySetting) -> {
            boolean varies = !bySetting.stream().allMatch(Blocks::isConstant);
            for (int machine = first; varies && machine < machines.size(); machine++) {
                add(measure, bySetting, machine);
            }
        });
        List<Double> p =
                Holm.corrected(pairs.stream().map(pair -> pair.contrast().p()).toList());
        return IntStream.range(0, pairs.size())
                .filter(i -> p.get(i) <= Trials.ALPHA)
                .mapToObj(i -> sentence(pairs.get(i), p.get(i)))
                .toList();
    }

    private void add(Measure measure, List<Blocks> bySetting, int machine) {
        Blocks others = new Blocks(
                bySetting.stream().map(blocks -> others(blocks, machine)).toList());
        Blocks own = new Blocks(
                bySetting.stream().map(blocks -> blocks.values().get(machine)).toList());
        Contrast.of(others, own, random.split())
                .ifPresent(contrast -> pairs.add(new Pair(measure, machines.get(machine), contrast)));
    }

    private static double[] others(Blocks blocks, int machine) {
        return IntStream.range(0, blocks.values().size())
                .filter(i -> i != machine)
                .mapToObj(i -> blocks.values().get(i))
                .flatMapToDouble(Arrays::stream)
                .toArray();
    }

    private String sentence(Pair pair, double p) {
        return "%s depends on the machine: %s on %s, %s on %s (p\u00a0%s). Settings were compared within each machine"
                .formatted(
                        pair.measure().name(),
                        Amounts.text(pair.contrast().median(), pair.measure().unit()),
                        pair.machine(),
                        Amounts.bare(pair.contrast().baseline(), pair.measure().unit()),
                        machines.size() == 2 ? machines.getFirst() : "the others",
                        Amounts.chance(p));
    }
}
