package io.tcplab.kernel.sysctl;

import io.tcplab.kernel.limits.KernelRelease;
import io.tcplab.kernel.sysctl.LintFinding.Severity;
import io.tcplab.kernel.sysctl.LintFinding.Topic;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/** What is known of settings that people copy from each other. Reads lint.txt, whose first lines say its format. */
public final class LintRules {
    private static final String FILE = "lint.txt";
    private static final String INDENT = "    ";
    private static final int COLUMNS = 6;

    /** Read when first asked for. */
    private static final class Rules {
        static final List<LintRule> ALL = load();
    }

    private LintRules() {}

    /** All of them. */
    public static List<LintRule> all() {
        return Rules.ALL;
    }

    /** Those that are about a sysctl. */
    static List<LintRule> about(String name) {
        return all().stream().filter(rule -> rule.name().equals(name)).toList();
    }

    private static List<LintRule> load() {
        try (InputStream file = Objects.requireNonNull(LintRules.class.getResourceAsStream(FILE), FILE)) {
            return parse(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<LintRule> parse(String text) {
        List<LintRule> rules = new ArrayList<>();
        List<String> lines = text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
        for (int i = 0; i < lines.size(); i++) {
            StringBuilder message = new StringBuilder();
            int row = i;
            while (i + 1 < lines.size() && lines.get(i + 1).startsWith(INDENT)) {
                message.append(' ').append(lines.get(++i).strip());
            }
            rules.add(rule(lines.get(row), message.toString().strip()));
        }
        return List.copyOf(rules);
    }

    private static LintRule rule(String row, String message) {
        String[] columns = row.split("\\|", -1);
        if (columns.length != COLUMNS || message.isEmpty()) {
            throw new IllegalArgumentException("not a rule: " + row + "\n" + message);
        }
        List<String> shownBy = words(columns[4]);
        Predicate<String> isNumber = word -> word.matches("\\d+");
        String since = columns[5].strip();
        return new LintRule(
                columns[0].strip(),
                LintCondition.parse(columns[1]),
                Severity.valueOf(columns[2].strip().toUpperCase(Locale.ROOT)),
                Topic.valueOf(columns[3].strip().toUpperCase(Locale.ROOT).replace('-', '_')),
                shownBy.stream().filter(isNumber).map(Integer::valueOf).toList(),
                shownBy.stream().filter(isNumber.negate()).toList(),
                since.isEmpty() ? Optional.empty() : Optional.of(KernelRelease.parse(since)),
                message);
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.strip().split("\\s+", -1))
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
