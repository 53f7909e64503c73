package io.tcplab.compare.study;

import io.tcplab.compare.design.Crossing;
import io.tcplab.compare.design.Design;
import io.tcplab.compare.design.Factor;
import io.tcplab.compare.design.Setting;
import io.tcplab.compare.study.YamlTree.Entry;
import io.tcplab.compare.threshold.Threshold;
import io.tcplab.compare.threshold.ThresholdException;
import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.UsageException;
import io.tcplab.experiments.catalogue.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * Reads a study. Its keys are the options of {@code lab compare}; {@link StudySchema} has them for editors, and
 * docs/compare.md for people.
 */
public final class StudyFile {
    static final String EXPERIMENTS = "experiments";
    static final String SETTINGS = "settings";
    static final String PAIRS = "pairs";
    static final String FAIL_IF = "fail-if";
    private static final List<String> KEYS = List.of(
            "title",
            EXPERIMENTS,
            SETTINGS,
            "sysctl",
            "set",
            "profile",
            "transport",
            "sandbox",
            PAIRS,
            "trials",
            "seed",
            FAIL_IF);

    private final YamlTree tree = new YamlTree();
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private StudyFile() {}

    /**
     * Reads and checks a study.
     *
     * @param file YAML, in UTF-8; profiles are named from its folder
     * @param experiments instead of those that the study names; empty for those
     * @throws IOException if it can't be read
     * @throws StudyException with everything that is wrong in it
     */
    public static Study read(Path file, List<Experiment> experiments) throws IOException {
        Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
        return parse(file.toString(), Files.readString(file), folder, experiments);
    }

    /**
     * Reads and checks one that {@link StudyText} has written.
     *
     * @throws StudyException with everything that is wrong in it
     */
    public static Study parse(String text) {
        return parse("the study", text, Path.of("/"), List.of());
    }

    static Study parse(String name, String text, Path folder, List<Experiment> experiments) {
        StudyFile file = new StudyFile();
        Optional<Study> study = file.tree.compose(text).map(root -> file.study(root, folder, experiments));
        if (study.isEmpty() || !file.tree.problems().isEmpty()) {
            throw new StudyException(name, file.tree.problems());
        }
        return study.get();
    }

    private Study study(Node root, Path folder, List<Experiment> given) {
        tree.entries(root, "a study", KEYS).forEach(entry -> entries.put(entry.name(), entry));
        List<Experiment> own = experiments(root, given.isEmpty());
        List<Experiment> experiments = given.isEmpty() ? own : given;
        List<Factor> factors = factors(new SettingsReader(tree, folder, experiments));
        Crossing crossing = pairs() ? Crossing.PAIRS : Crossing.CROSSED;
        Study study = new Study(
                one("title").map(ScalarNode::getValue).orElse(""),
                experiments,
                factors,
                crossing,
                trials(),
                seed(),
                thresholds());
        if (tree.problems().isEmpty()) {
            check(root, study);
        }
        return study;
    }

    private List<Experiment> experiments(Node root, boolean needed) {
        Entry entry = entries.get(EXPERIMENTS);
        if (entry == null) {
            if (needed) {
                tree.complain(
                        root,
                        "no experiment given. Name some here (experiments: [port-exhaustion]), or give one to"
                                + " lab compare");
            }
            return List.of();
        }
        List<Experiment> experiments = new ArrayList<>();
        for (ScalarNode name : tree.scalars(entry.value(), "an experiment's name")) {
            try {
                experiments.add(Catalogue.byName(name.getValue()));
            } catch (UsageException e) {
                tree.complain(name, String.valueOf(e.getMessage()));
            }
        }
        return experiments;
    }

    /** In the order in which they stand; but what is more special wins: over files all else, over all else a named setting. */
    private List<Factor> factors(SettingsReader reader) {
        List<Factor> factors = new ArrayList<>();
        List<Entry> bySpeciality = entries.values().stream()
                .sorted(Comparator.comparingInt(entry -> SettingsReader.rank(entry.name())))
                .toList();
        for (Entry entry : bySpeciality) {
            if (entry.name().equals(SETTINGS)) {
                reader.named(entry.value()).ifPresent(factors::add);
            } else {
                factors.addAll(reader.factors(entry));
            }
        }
        return factors;
    }

    private boolean pairs() {
        Optional<ScalarNode> value = one(PAIRS);
        value.filter(word -> !List.of("true", "false").contains(word.getValue()))
                .ifPresent(word -> tree.complain(word, "pairs: true or false, not \"" + word.getValue() + "\""));
        return value.filter(word -> word.getValue().equals("true")).isPresent();
    }

    private OptionalInt trials() {
        Optional<Long> trials = number("trials", 1, Integer.MAX_VALUE);
        return trials.isPresent() ? OptionalInt.of(Math.toIntExact(trials.get())) : OptionalInt.empty();
    }

    private OptionalLong seed() {
        Optional<Long> seed = number("seed", Long.MIN_VALUE, Long.MAX_VALUE);
        return seed.isPresent() ? OptionalLong.of(seed.get()) : OptionalLong.empty();
    }

    private Optional<Long> number(String key, long min, long max) {
        Optional<ScalarNode> value = one(key);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        try {
            long number = Long.parseLong(value.get().getValue());
            if (number >= min && number <= max) {
                return Optional.of(number);
            }
        } catch (NumberFormatException e) {
            // reported below, as any other number that won't do
        }
        String expected = min == 1 ? "a whole number, 1 or more" : "a whole number";
        tree.complain(
                value.get(),
                "%s: %s, not \"%s\"".formatted(key, expected, value.get().getValue()));
        return Optional.empty();
    }

    private List<Threshold> thresholds() {
        Entry entry = entries.get(FAIL_IF);
        if (entry == null) {
            return List.of();
        }
        List<Threshold> thresholds = new ArrayList<>();
        for (ScalarNode text : tree.scalars(entry.value(), "a threshold, such as client.EADDRNOTAVAIL > 0,")) {
            try {
                thresholds.add(Threshold.parse(text.getValue()));
            } catch (ThresholdException e) {
                tree.complain(text, e.column() - 1, String.valueOf(e.getMessage()));
            }
        }
        return thresholds;
    }

    /** What only shows when all parts are known. */
    private void check(Node root, Study study) {
        List<String> labels = List.of();
        for (Design design : study.designs(0)) {
            try {
                design.requireSeveral();
                labels = design.settings().stream().map(Setting::label).toList();
            } catch (UsageException e) {
                Node where = Optional.ofNullable(entries.get(PAIRS))
                        .<Node>map(Entry::key)
                        .orElse(root);
                tree.complain(where, inWordsOfTheFile(e));
                return;
            }
        }
        Entry entry = entries.get(FAIL_IF);
        if (entry != null) {
            List<ScalarNode> texts = tree.scalars(entry.value(), "a threshold");
            for (int i = 0; i < texts.size(); i++) {
                ScalarNode text = texts.get(i);
                study.thresholds()
                        .get(i)
                        .problem(study.experiments(), labels)
                        .ifPresent(problem -> tree.complain(text, problem));
            }
        }
    }

    /** The design speaks of options. */
    static String inWordsOfTheFile(UsageException e) {
        return String.valueOf(e.getMessage()).replaceAll("--([a-z]+)", "$1");
    }

    private Optional<ScalarNode> one(String key) {
        return Optional.ofNullable(entries.get(key)).flatMap(entry -> tree.scalar(entry.value(), "a value for " + key));
    }
}
