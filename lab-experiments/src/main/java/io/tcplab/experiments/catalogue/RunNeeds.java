package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.Bound;
import io.tcplab.experiments.Expected;
import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Knob;
import io.tcplab.experiments.KnobValues;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.SocketNeed;
import io.tcplab.experiments.UsageException;
import io.tcplab.experiments.cell.CellPlan;
import io.tcplab.kernel.sysctl.Sysctls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/** What the runs of an experiment need: a cell with its sysctls, file descriptors, time. Its constructor says so. */
abstract class RunNeeds extends Vocabulary implements Experiment {
    private final Set<String> sysctls = new LinkedHashSet<>();
    private CellPlan plan = CellPlan.plain();
    private final List<Setting> settings = new ArrayList<>();
    private final Map<Predicate<KnobValues>, String> conditions = new LinkedHashMap<>();
    private Function<KnobValues, SocketNeed> sockets = values -> SocketNeed.fixed(40);
    private Function<KnobValues, Duration> about = values -> Duration.ofSeconds(1);
    private Optional<Function<KnobValues, Duration>> aboutToMeasure = Optional.empty();
    private Bound bound = Bound.WAITING;

    /** A sysctl that depends on the knobs, or on the arm. */
    private record Setting(Role host, String sysctl, BiFunction<KnobValues, Boolean, Optional<String>> value) {}

    /** The sysctls that matter to it; those that it sets belong to them without being named here. */
    final void sysctls(String... names) {
        sysctls.addAll(List.of(names));
    }

    /** The hosts are joined by the wire, so that segments can be seen, held and lost. */
    final void wire() {
        plan = plan.withWire();
    }

    /** State changes are recorded. */
    final void transitions() {
        plan = plan.withTransitions();
    }

    /** TIME_WAIT is counted: see {@link CellPlan#withTimeWaitKept}. */
    final void timeWaitKept() {
        plan = plan.withTimeWaitKept();
    }

    /** How many addresses each host has, where one isn't enough. */
    final void addresses(int client, int server) {
        plan = plan.withClientAddresses(client).withServerAddresses(server);
    }

    /** A sysctl that a host has from the start. */
    final void set(Role host, String sysctl, String value) {
        set(host, sysctl, values -> value);
    }

    /** A sysctl that a host has from the start, as a knob says. */
    final void set(Role host, String sysctl, Knob<?> knob) {
        set(host, sysctl, values -> value(knob, values));
    }

    /** A sysctl that a host has from the start, as the knobs say. */
    final void set(Role host, String sysctl, Function<KnobValues, String> value) {
        set(new Setting(host, sysctl, (values, faulty) -> Optional.of(value.apply(values))));
    }

    /** A sysctl that is the fault, or a part of it: a host has one value with it and another one without. */
    final void setByFault(Role host, String sysctl, String with, String without) {
        set(new Setting(host, sysctl, (values, faulty) -> Optional.of(faulty ? with : without)));
    }

    /** A sysctl that is the fault: without it a host has the kernel's default. */
    final void setByFault(Role host, String sysctl, Knob<?> with) {
        set(new Setting(
                host, sysctl, (values, faulty) -> faulty ? Optional.of(value(with, values)) : Optional.empty()));
    }

    /**
     * A sysctl that a host has from the start, as the knobs say, where the kernel has it at all. The experiment has to say what it
     * expects of those that lack it: see {@link Expected#differing}.
     */
    final void setIfAny(Role host, String sysctl, Function<KnobValues, String> value) {
        set(new Setting(
                host,
                sysctl,
                (values, faulty) -> Sysctls.exists(sysctl) ? Optional.of(value.apply(values)) : Optional.empty()));
    }

    private void set(Setting setting) {
        settings.add(setting);
        sysctls.add(setting.sysctl());
    }

    /** The client's local ports: this many from the first one on. */
    final void localPorts(int first, Knob<Integer> count) {
        set(
                CLIENT,
                LocalPorts.RANGE,
                values -> LocalPorts.of(first, values.get(count)).range());
        settings.add(new Setting(
                CLIENT,
                LocalPorts.RESERVED,
                (values, faulty) -> Optional.of(
                                LocalPorts.of(first, values.get(count)).reserved())
                        .filter(port -> !port.isEmpty())));
    }

    /** What must hold of the knobs' values together; the words say so to a user who set others. */
    final void require(Predicate<KnobValues> condition, String words) {
        conditions.put(condition, words);
    }

    /** How many file descriptors an arm takes, of both hosts; 40 by default. */
    final void descriptors(int fixed) {
        sockets = values -> SocketNeed.fixed(fixed);
    }

    /** How many file descriptors an arm takes, of both hosts: this many for each unit of a knob, and some more. */
    final void descriptors(Knob<Integer> size, int each, int more) {
        descriptors(size, each, values -> more);
    }

    /** As {@link #descriptors(Knob, int, int)}, where other knobs say how many more. */
    final void descriptors(Knob<Integer> size, int each, ToIntFunction<KnobValues> more) {
        sockets = values -> new SocketNeed(size, each, more.applyAsInt(values));
    }

    /** About how many seconds a run takes; 1 by default. */
    final void takes(long seconds) {
        takes(values -> Duration.ofSeconds(seconds));
    }

    /** About how long a run takes. */
    final void takes(Function<KnobValues, Duration> time) {
        about = time;
    }

    /** About how many seconds it takes to measure a run, if that isn't the run itself. */
    final void takesToMeasure(long seconds) {
        takesToMeasure(values -> Duration.ofSeconds(seconds));
    }

    /** About how long it takes to measure a run, if that isn't the run itself. */
    final void takesToMeasure(Function<KnobValues, Duration> time) {
        aboutToMeasure = Optional.of(time);
    }

    /** Its runs use up the processor: see {@link Bound#THROUGHPUT}. */
    final void usesTheProcessor() {
        bound = Bound.THROUGHPUT;
    }

    /** Those that matter, in the order in which they were named or set. */
    final List<String> relevantSysctls() {
        return List.copyOf(sysctls);
    }

    @Override
    public CellPlan cell(KnobValues knobs, boolean faulty) {
        conditions.forEach((condition, words) -> {
            if (!condition.test(knobs)) {
                throw new UsageException(story().name() + ": " + words);
            }
        });
        CellPlan result = plan;
        for (Setting one : settings) {
            Optional<String> value = one.value().apply(knobs, faulty);
            result = value.isPresent() ? result.with(one.host(), one.sysctl(), value.get()) : result;
        }
        return result;
    }

    private static <T> String value(Knob<T> knob, KnobValues knobs) {
        return String.valueOf(knob.plain(knobs.get(knob)));
    }

    @Override
    public final SocketNeed sockets(KnobValues knobs) {
        return sockets.apply(knobs);
    }

    @Override
    public final Duration about(KnobValues knobs) {
        return about.apply(knobs);
    }

    @Override
    public final Duration aboutToMeasure(KnobValues knobs) {
        return aboutToMeasure.orElse(about).apply(knobs);
    }

    @Override
    public final Bound bound() {
        return bound;
    }
}
