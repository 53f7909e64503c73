package io.tcplab.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Which of a module's tests run, and in which order.
 *
 * @param classes simple names of test classes, in which {@code *} stands for anything; none: all
 * @param exclude no tests with one of these tags
 * @param seed of the order of classes and methods; none: JUnit's own order, always the same
 */
record Selection(List<String> classes, Set<String> exclude, OptionalLong seed) {
    private static final String CLASSES = "junit.jupiter.testclass.order.default=" + LongestFirst.class.getName();
    private static final String METHODS = "junit.jupiter.testmethod.order.default=" + ShuffledMethods.class.getName();

    Selection {
        classes = List.copyOf(classes);
        exclude = Set.copyOf(exclude);
    }

    Selection inOrderOf(long another) {
        return new Selection(classes, exclude, OptionalLong.of(another));
    }

    /** Options of JUnit's console launcher. */
    List<String> options() {
        List<String> options = new ArrayList<>();
        if (classes.isEmpty()) {
            // Maven's two kinds: Surefire's, and Failsafe's.
            options.add("--include-classname=.*(Test|IT)");
        }
        classes.forEach(name -> options.add(
                "--include-classname=(.*[.$])?" + name.replace("$", "\\$").replace("*", ".*")));
        exclude.stream().sorted().forEach(tag -> options.add("--exclude-tag=" + tag));
        seed.ifPresent(number -> {
            options.add("--config=" + CLASSES);
            options.add("--config=" + LongestFirst.SEED + "=" + number);
            options.add("--config=" + METHODS);
        });
        return options;
    }
}
