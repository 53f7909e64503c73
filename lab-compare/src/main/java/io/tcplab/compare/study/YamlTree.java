package io.tcplab.compare.study;

import io.tcplab.compare.study.StudyException.Problem;
import io.tcplab.kernel.Nearest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A YAML text as a tree that knows its places. Scalars are texts, as they were written: {@code on} is no boolean here,
 * and {@code 010} no 8. What has the wrong shape is noted, and read on.
 */
final class YamlTree {
    private static final int DEEPEST = 20;

    private final List<Problem> problems = new ArrayList<>();

    /** A key with its value. */
    record Entry(ScalarNode key, Node value) {
        String name() {
            return key.getValue();
        }
    }

    List<Problem> problems() {
        return problems;
    }

    /** The only document's root; empty if there is none, or it can't be understood. */
    Optional<Node> compose(String text) {
        LoadSettings settings =
                LoadSettings.builder().setAllowNonScalarKeys(true).build();
        try {
            if (isTooDeep(new Parse(settings).parseString(text))) {
                return Optional.empty();
            }
            Optional<Node> root = new Compose(settings).composeString(text);
            if (root.isEmpty()) {
                problems.add(new Problem(1, 1, "the file is empty"));
            }
            return root;
        } catch (MarkedYamlEngineException e) {
            problems.add(problem(e.getProblemMark(), 0, "not YAML: " + e.getProblem()));
        } catch (YamlEngineException e) {
            problems.add(new Problem(1, 1, "not YAML: " + e.getMessage()));
        }
        return Optional.empty();
    }

    /** Whether lists and maps nest deeper than any study: what composes them calls itself for each, until its stack is full. */
    private boolean isTooDeep(Iterable<Event> events) {
        int depth = 0;
        for (Event event : events) {
            switch (event) {
                case CollectionStartEvent start -> depth++;
                case CollectionEndEvent end -> depth--;
                default -> {}
            }
            if (depth > DEEPEST) {
                problems.add(problem(event.getStartMark(), 0, "lists and maps nest too deep here"));
                return true;
            }
        }
        return false;
    }

    /** Notes that something is wrong at a node. */
    void complain(Node node, String message) {
        complain(node, 0, message);
    }

    /** The same, some characters into a scalar that stands in one line. */
    void complain(Node node, int offset, String message) {
        boolean folded = node instanceof ScalarNode scalar
                && (scalar.getScalarStyle() == ScalarStyle.LITERAL || scalar.getScalarStyle() == ScalarStyle.FOLDED);
        boolean quoted = node instanceof ScalarNode scalar && scalar.getScalarStyle() != ScalarStyle.PLAIN;
        problems.add(problem(node.getStartMark(), folded ? 0 : offset + (quoted && offset > 0 ? 1 : 0), message));
    }

    private static Problem problem(Optional<Mark> mark, int offset, String message) {
        return new Problem(
                mark.map(Mark::getLine).orElse(0) + 1, mark.map(Mark::getColumn).orElse(0) + 1 + offset, message);
    }

    /** The entries of a mapping; no key may occur twice. */
    List<Entry> entries(Node node, String what) {
        if (!(node instanceof MappingNode mapping)) {
            complain(node, "expected " + what + ": names with values, not " + shape(node));
            return List.of();
        }
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                complain(tuple.getKeyNode(), "a key must be a word");
            } else if (entries.putIfAbsent(key.getValue(), new Entry(key, tuple.getValueNode())) != null) {
                complain(key, key.getValue() + " is given twice");
            }
        }
        return List.copyOf(entries.values());
    }

    /** The same, where only these keys are known. */
    List<Entry> entries(Node node, String what, Collection<String> known) {
        List<Entry> entries = entries(node, what);
        entries.stream()
                .filter(entry -> !known.contains(entry.name()))
                .forEach(entry -> complain(entry.key(), unknown(entry.name(), known)));
        return entries;
    }

    /** A word or a number, or a list of them. */
    List<ScalarNode> scalars(Node node, String what) {
        if (node instanceof ScalarNode scalar) {
            return Optional.of(scalar).filter(one -> isFilled(one, what)).stream()
                    .toList();
        }
        if (!(node instanceof SequenceNode sequence)) {
            complain(node, "expected " + what + " or a list of them, not " + shape(node));
            return List.of();
        }
        if (sequence.getValue().isEmpty()) {
            complain(node, "expected " + what + "; the list is empty");
        }
        return sequence.getValue().stream()
                .flatMap(item -> scalar(item, what).stream())
                .toList();
    }

    /** A single word or number. */
    Optional<ScalarNode> scalar(Node node, String what) {
        if (node instanceof ScalarNode scalar) {
            return Optional.of(scalar).filter(one -> isFilled(one, what));
        }
        complain(node, "expected " + what + ", not " + shape(node));
        return Optional.empty();
    }

    /** The items of a list. */
    List<Node> items(Node node, String what) {
        if (node instanceof SequenceNode sequence && !sequence.getValue().isEmpty()) {
            return sequence.getValue();
        }
        complain(
                node,
                "expected a list of " + what
                        + (node instanceof SequenceNode ? "; it is empty" : ", not " + shape(node)));
        return List.of();
    }

    private boolean isFilled(ScalarNode scalar, String what) {
        boolean filled = !scalar.getValue().isEmpty() || scalar.getScalarStyle() != ScalarStyle.PLAIN;
        if (!filled) {
            complain(scalar, "expected " + what + ", but there is nothing");
        }
        return filled;
    }

    private static String unknown(String name, Collection<String> known) {
        String hint = Nearest.hint(name, known);
        return "unknown key " + name + (hint.isEmpty() ? "; known ones are " + String.join(", ", known) : hint);
    }

    private static String shape(Node node) {
        return switch (node.getNodeType()) {
            case MAPPING -> "names with values";
            case SEQUENCE -> "a list";
            case SCALAR -> "\"" + ((ScalarNode) node).getValue() + "\"";
            case ANCHOR -> "an anchor";
        };
    }
}
