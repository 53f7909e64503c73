package io.tcplab.compare.design;

import static java.util.stream.Collectors.joining;

import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.UsageException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * A comparison as it was asked for: one experiment under several settings.
 *
 * @param experiment whose load it is, and whose measures are compared
 * @param factors in the user's order
 * @param trials how often each setting runs; empty for as often as it takes to tell
 * @param seed of the order of the runs, and of the bootstrap
 */
public record Design(Experiment experiment, List<Factor> factors, Crossing crossing, OptionalInt trials, long seed) {
    private static final int MOST_SETTINGS = 64;

    /** Copies the list. */
    public Design {
        factors = List.copyOf(factors);
        if (trials.isPresent() && trials.getAsInt() < 1) {
            throw new UsageException("--trials " + trials.getAsInt() + ": must be 1 or more");
        }
    }

    /** One that varies nothing yet, crosses what it will, and repeats as often as it takes. */
    public static Design of(Experiment experiment, long seed) {
        return new Design(experiment, List.of(), Crossing.CROSSED, OptionalInt.empty(), seed);
    }

    /** The same with one factor more. */
    public Design with(Factor factor) {
        List<Factor> more = new ArrayList<>(factors);
        more.add(factor);
        return new Design(experiment, more, crossing, trials, seed);
    }

    /** The same, combined so. */
    public Design with(Crossing other) {
        return new Design(experiment, factors, other, trials, seed);
    }

    /** The same, this many trials of each setting. */
    public Design withTrials(int count) {
        return new Design(experiment, factors, crossing, OptionalInt.of(count), seed);
    }

    /** The same, in the order that this seed makes. */
    public Design withSeed(long other) {
        return new Design(experiment, factors, crossing, trials, other);
    }

    /**
     * The settings, the baseline first.
     *
     * @throws UsageException if there are too many, or factors can't be paired
     */
    public List<Setting> settings() {
        List<List<Level>> combinations = switch (crossing) {
            case CROSSED -> crossed();
            case PAIRS -> paired();
        };
        Map<String, Integer> seen = new HashMap<>();
        return IntStream.range(0, combinations.size())
                .mapToObj(i -> setting(i + 1, combinations.get(i), seen))
                .toList();
    }

    /**
     * Checks that there is something to compare.
     *
     * @throws UsageException if there are fewer than two settings
     */
    public void requireSeveral() {
        if (settings().size() < 2) {
            throw new UsageException(
                    "a comparison needs at least two settings: give --sysctl, --set, --profile, --transport or"
                            + " --sandbox several values, such as"
                            + " --sysctl client:net.ipv4.tcp_tw_reuse=0,1,2");
        }
    }

    /** The same settings twice are a fair question (how much does nothing do?), and need two names. */
    private Setting setting(int number, List<Level> levels, Map<String, Integer> seen) {
        String label = IntStream.range(0, levels.size())
                .filter(i -> factors.get(i).varies())
                .mapToObj(i -> levels.get(i).label())
                .collect(joining(", "));
        int times = seen.merge(label, 1, Integer::sum);
        Change change = levels.stream().map(Level::change).reduce(Change.none(), Change::and);
        List<String> notes = levels.stream()
                .flatMap(level -> level.notes().stream())
                .distinct()
                .toList();
        return new Setting(number, times == 1 ? label : label + " (" + times + ")", change, notes);
    }

    private List<List<Level>> crossed() {
        List<List<Level>> all = List.of(List.of());
        for (Factor factor : factors) {
            if ((long) all.size() * factor.levels().size() > MOST_SETTINGS) {
                throw new UsageException(
                        "all combinations are more than %d settings. Give fewer values, or use --pairs, which pairs the first values, then the second ones."
                                .formatted(MOST_SETTINGS));
            }
            all = all.stream()
                    .flatMap(combination -> factor.levels().stream().map(level -> appended(combination, level)))
                    .toList();
        }
        return all;
    }

    private List<List<Level>> paired() {
        List<Factor> varied = factors.stream().filter(Factor::varies).toList();
        int size = varied.isEmpty() ? 1 : varied.getFirst().levels().size();
        if (varied.stream().anyMatch(factor -> factor.levels().size() != size)) {
            throw new UsageException(
                    "--pairs pairs the first values of all options, then the second ones, so all need the same"
                            + " number of values: "
                            + varied.stream()
                                    .map(factor -> factor.name() + " has "
                                            + factor.levels().size())
                                    .collect(joining(", ")));
        }
        return IntStream.range(0, size)
                .mapToObj(i -> factors.stream()
                        .map(factor -> factor.levels().get(factor.varies() ? i : 0))
                        .toList())
                .toList();
    }

    private static List<Level> appended(List<Level> levels, Level level) {
        List<Level> longer = new ArrayList<>(levels);
        longer.add(level);
        return longer;
    }
}
