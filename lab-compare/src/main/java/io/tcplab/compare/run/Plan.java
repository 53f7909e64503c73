package io.tcplab.compare.run;

import io.tcplab.compare.design.Design;
import io.tcplab.compare.design.Setting;
import io.tcplab.compare.statistics.Trials;
import io.tcplab.experiments.Bound;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.UsageException;
import io.tcplab.experiments.cell.Sandbox;
import io.tcplab.experiments.cell.TransportSandbox;
import io.tcplab.experiments.run.Preflight;
import io.tcplab.experiments.run.PreparedRun;
import io.tcplab.experiments.run.RunRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A comparison that is checked and ready to run.
 *
 * @param settings the baseline first
 * @param trials of each setting
 * @param watched by host, the sysctls that are read back in each run: all that any setting sets
 * @param notes what the user should know before it starts
 * @param jobs how many runs may go side by side at most, if the user has set it
 */
public record Plan(
        Design design,
        List<PlannedSetting> settings,
        int trials,
        Map<Role, Set<String>> watched,
        List<String> notes,
        OptionalInt jobs) {
    /** More would only take the processor's time from each other by looking. */
    private static final int MOST_SIDE_BY_SIDE = 32;

    /** Copies the collections. */
    public Plan {
        settings = List.copyOf(settings);
        watched = Map.copyOf(watched);
        notes = List.copyOf(notes);
    }

    /**
     * Checks a design.
     *
     * @param sandboxes the sandbox of a name; asked once for each
     * @param sandbox the name of the one for settings that name none
     * @throws io.tcplab.experiments.UsageException if anything in it can't be done as asked
     */
    public static Plan of(Design design, Function<String, Sandbox> sandboxes, String sandbox) {
        Map<String, Sandbox> byName = new HashMap<>();
        List<PlannedSetting> settings = design.settings().stream()
                .map(setting -> {
                    String name = setting.change().sandbox().orElse(sandbox);
                    return planned(design, setting, byName.computeIfAbsent(name, sandboxes));
                })
                .toList();
        List<String> notes = new ArrayList<>();
        settings.stream()
                .flatMap(planned -> planned.setting().notes().stream())
                .distinct()
                .forEach(notes::add);
        notes.addAll(Pitfalls.of(design.experiment(), settings));
        return new Plan(
                design, settings, trials(design, settings.size(), 1), watched(settings), notes, OptionalInt.empty());
    }

    /**
     * The same with trials enough for that many machines, 1 or more, each of which has whole trials.
     *
     * @throws UsageException if the user wants fewer trials than machines
     */
    public Plan on(int machines) {
        int enough = trials(design, settings.size(), machines);
        if (enough < machines) {
            throw new UsageException("--trials %d is less than --nodes %d: each machine runs each setting at least once"
                    .formatted(enough, machines));
        }
        return withTrials(enough);
    }

    /** The same with so many trials of each setting. */
    public Plan withTrials(int count) {
        return new Plan(design, settings, count, watched, notes, jobs);
    }

    private static int trials(Design design, int settings, int machines) {
        int contrasts = design.experiment().measures().size() * (settings - 1);
        return design.trials().orElseGet(() -> Trials.enough(contrasts, machines));
    }

    /** The same with at most this many runs side by side, 1 or more. Those that the processor limits go alone whatever it says. */
    public Plan withJobs(int most) {
        Plan limited = new Plan(design, settings, trials, watched, notes, OptionalInt.of(most));
        return bound() == Bound.THROUGHPUT && most > 1
                ? limited.withNotes(List.of(
                        "%s is limited by the processor, so its runs go one at a time, although %d could run in parallel"
                                .formatted(design.experiment().story().name(), most)))
                : limited;
    }

    /** The same with more for the user to know. */
    public Plan withNotes(List<String> more) {
        List<String> all = new ArrayList<>(notes);
        all.addAll(more);
        return new Plan(design, settings, trials, watched, all, jobs);
    }

    /** How many runs go side by side: as many as are asked for, or as the sandbox takes that takes the fewest. */
    public int sideBySide() {
        int sandboxes = settings.stream()
                .mapToInt(planned -> planned.sandbox().capacity().jobs())
                .min()
                .orElse(1);
        int most = jobs.orElse(Math.min(MOST_SIDE_BY_SIDE, sandboxes));
        return bound() == Bound.THROUGHPUT ? 1 : Math.min(most, trials * settings.size());
    }

    /** The runs in the order in which they start: a trial of each setting after the other, in each trial in another order. */
    public List<PlannedRun> order() {
        Random random = new Random(design.seed());
        int first = bound() == Bound.THROUGHPUT ? 0 : 1;
        return IntStream.rangeClosed(first, trials)
                .boxed()
                .flatMap(trial -> {
                    List<PlannedSetting> shuffled = new ArrayList<>(settings);
                    Collections.shuffle(shuffled, random);
                    return shuffled.stream().map(setting -> new PlannedRun(setting, trial));
                })
                .toList();
    }

    /** What limits its runs: those that wait go side by side. */
    public Bound bound() {
        return design.experiment().bound();
    }

    /** About how long it takes. */
    public Duration about() {
        List<Duration> each = settings.stream()
                .map(planned ->
                        planned.run().experiment().aboutToMeasure(planned.run().knobs()))
                .toList();
        return switch (bound()) {
            case THROUGHPUT ->
                each.stream().reduce(Duration.ZERO, Duration::plus).multipliedBy(trials + 1L);
            case WAITING ->
                Collections.max(each).multipliedBy(Math.ceilDiv((long) trials * settings.size(), sideBySide()));
        };
    }

    private static PlannedSetting planned(Design design, Setting setting, Sandbox provider) {
        Sandbox sandbox = setting.change()
                .transport()
                .<Sandbox>map(transport -> new TransportSandbox(provider, transport))
                .orElse(provider);
        PreparedRun run = Preflight.prepareToMeasure(new RunRequest(
                List.of(design.experiment()),
                setting.change().knobs(),
                setting.change().sysctls(),
                sandbox,
                1,
                false,
                design.seed()));
        return new PlannedSetting(setting, run, sandbox);
    }

    private static Map<Role, Set<String>> watched(List<PlannedSetting> settings) {
        Map<Role, Set<String>> watched = new EnumMap<>(Role.class);
        for (Role role : Role.values()) {
            Set<String> names = new TreeSet<>();
            settings.forEach(planned -> names.addAll(planned.run()
                    .faultCell()
                    .sysctls()
                    .getOrDefault(role, Map.of())
                    .keySet()));
            watched.put(role, Set.copyOf(names));
        }
        return watched;
    }
}
