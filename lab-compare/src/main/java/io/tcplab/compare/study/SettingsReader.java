package io.tcplab.compare.study;

import io.tcplab.compare.design.Change;
import io.tcplab.compare.design.Factor;
import io.tcplab.compare.design.Factors;
import io.tcplab.compare.design.Level;
import io.tcplab.compare.study.YamlTree.Entry;
import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Knob;
import io.tcplab.experiments.KnobValues;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.UsageException;
import io.tcplab.experiments.cell.Sandboxes;
import io.tcplab.kernel.Nearest;
import io.tcplab.kernel.sysctl.Sysctls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads what makes the settings of a study. What is wrong goes to the tree's problems. */
final class SettingsReader {
    private static final List<String> SETTING_KEYS =
            List.of("name", "sysctl", "set", "profile", "transport", "sandbox");

    private final YamlTree tree;
    private final Path folder;
    private final List<Experiment> experiments;

    /**
     * For one study.
     *
     * @param folder from which profiles are named
     * @param experiments whose knobs may be set
     */
    SettingsReader(YamlTree tree, Path folder, List<Experiment> experiments) {
        this.tree = tree;
        this.folder = folder;
        this.experiments = experiments;
    }

    /** The factors under one key of the study, or of a setting; none if the key is about something else. */
    List<Factor> factors(Entry entry) {
        return switch (entry.name()) {
            case "sysctl" -> named(entry, "sysctls", this::checkSysctl, Factors::sysctl);
            case "set" -> named(entry, "knobs", this::checkKnob, Factors::knob);
            case "profile" ->
                listed(
                        entry,
                        "a file",
                        files -> Factors.profiles(
                                files.stream().map(this::resolved).toList()));
            case "transport" -> listed(entry, "a transport", Factors::transports);
            case "sandbox" -> listed(entry, "a sandbox", SettingsReader::sandboxes);
            default -> List.of();
        };
    }

    /** What is read first gives way to what is read later. */
    static int rank(String key) {
        return switch (key) {
            case "profile" -> 0;
            case StudyFile.SETTINGS -> 2;
            default -> 1;
        };
    }

    /** The settings that have names, the first of them the baseline; empty if there are none. */
    Optional<Factor> named(Node node) {
        Map<String, Level> levels = new LinkedHashMap<>();
        for (Node item : tree.items(node, "settings, each with a name")) {
            Level level = level(item);
            if (!level.label().isEmpty() && levels.putIfAbsent(level.label(), level) != null) {
                tree.complain(item, "two settings are called " + level.label());
            }
        }
        return levels.isEmpty()
                ? Optional.empty()
                : Optional.of(new Factor(StudyFile.SETTINGS, List.copyOf(levels.values())));
    }

    private Level level(Node item) {
        String label = "";
        Change change = Change.none();
        List<String> notes = new ArrayList<>();
        int before = tree.problems().size();
        List<Entry> entries = tree.entries(item, "a setting", SETTING_KEYS);
        boolean misshapen = entries.isEmpty() && tree.problems().size() > before;
        for (Entry entry : entries.stream()
                .sorted(Comparator.comparingInt(entry -> rank(entry.name())))
                .toList()) {
            if (entry.name().equals("name")) {
                label = tree.scalar(entry.value(), "a name")
                        .map(ScalarNode::getValue)
                        .orElse("");
            }
            for (Factor factor : factors(entry)) {
                if (factor.varies()) {
                    tree.complain(entry.value(), "a single value for " + factor.name() + " in a named setting");
                }
                change = change.and(factor.levels().getFirst().change());
                notes.addAll(factor.levels().getFirst().notes());
            }
        }
        if (label.isEmpty() && !misshapen) {
            tree.complain(item, "a setting needs a name");
        }
        return new Level(label, change, notes);
    }

    private interface Check {
        void check(ScalarNode name, ScalarNode value);
    }

    private interface Maker {
        Factor make(String name, List<String> values);
    }

    private List<Factor> named(Entry entry, String what, Check check, Maker maker) {
        List<Factor> factors = new ArrayList<>();
        for (Entry own : tree.entries(entry.value(), what)) {
            List<ScalarNode> values = tree.scalars(own.value(), "a value");
            int before = tree.problems().size();
            values.forEach(value -> check.check(own.key(), value));
            if (!values.isEmpty() && tree.problems().size() == before) {
                factors.add(maker.make(own.name(), texts(values)));
            }
        }
        return factors;
    }

    private List<Factor> listed(Entry entry, String what, Function<List<String>, Factor> maker) {
        // One by one, so that each mistake is reported with its position.
        List<Factor> factors = tree.scalars(entry.value(), what).stream()
                .flatMap(value -> tried(value, () -> maker.apply(List.of(value.getValue()))).stream())
                .toList();
        return factors.isEmpty()
                ? List.of()
                : List.of(new Factor(
                        factors.getFirst().name(),
                        factors.stream()
                                .flatMap(factor -> factor.levels().stream())
                                .toList()));
    }

    private <T> Optional<T> tried(Node where, Supplier<T> action) {
        try {
            return Optional.of(action.get());
        } catch (UsageException e) {
            tree.complain(where, StudyFile.inWordsOfTheFile(e));
            return Optional.empty();
        }
    }

    private static Factor sandboxes(List<String> names) {
        names.forEach(Sandboxes::byName);
        return Factors.sandboxes(names);
    }

    private void checkSysctl(ScalarNode name, ScalarNode value) {
        String bare = name.getValue();
        for (Role role : Role.values()) {
            bare = bare.startsWith(role.label() + ":")
                    ? bare.substring(role.label().length() + 1)
                    : bare;
        }
        Optional<String> problem = Sysctls.problem(bare, value.getValue());
        // What is wrong whatever the value is wrong with the name.
        boolean withName = problem.equals(Sysctls.problem(bare, "?"));
        problem.ifPresent(message -> once(withName ? name : value, message));
    }

    private void checkKnob(ScalarNode name, ScalarNode value) {
        for (Experiment experiment : experiments) {
            List<String> known = experiment.knobs().stream().map(Knob::name).toList();
            String owner = experiment.story().name();
            if (known.contains(name.getValue())) {
                Map<String, String> setting = Map.of(name.getValue(), value.getValue());
                tried(value, () -> KnobValues.of(owner, experiment.knobs(), setting));
            } else {
                String hint = Nearest.hint(name.getValue(), known);
                once(
                        name,
                        "%s has no knob %s%s"
                                .formatted(
                                        owner,
                                        name.getValue(),
                                        hint.isEmpty() ? "; it has " + String.join(", ", known) : hint));
            }
        }
    }

    /** A name's mistake is one, however many values stand behind it. */
    private void once(Node where, String message) {
        int before = tree.problems().size();
        tree.complain(where, message);
        StudyException.Problem last = tree.problems().getLast();
        if (tree.problems().subList(0, before).contains(last)) {
            tree.problems().removeLast();
        }
    }

    private String resolved(String argument) {
        String prefix = "";
        for (Role role : Role.values()) {
            prefix = argument.startsWith(role.label() + ":") ? role.label() + ":" : prefix;
        }
        return prefix + folder.resolve(argument.substring(prefix.length())).normalize();
    }

    private static List<String> texts(List<ScalarNode> values) {
        return values.stream().map(ScalarNode::getValue).toList();
    }
}
