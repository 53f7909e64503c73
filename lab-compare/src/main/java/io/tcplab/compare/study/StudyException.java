package io.tcplab.compare.study;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** A study can't be used. Tells all that is wrong in it, not only what comes first. */
public final class StudyException extends IllegalArgumentException {
    private final List<Problem> problems;

    /**
     * Something wrong at one place.
     *
     * @param line from 1
     * @param column from 1, in characters
     */
    public record Problem(int line, int column, String message) {
        /** {@code 3:7: message}, as compilers have it. */
        @Override
        public String toString() {
            return line + ":" + column + ": " + message;
        }
    }

    StudyException(String file, List<Problem> problems) {
        List<Problem> sorted = problems.stream()
                .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column))
                .toList();
        super(sorted.stream().map(problem -> file + ":" + problem).collect(Collectors.joining("\n")));
        this.problems = sorted;
    }

    /** In the order of the file. */
    public List<Problem> problems() {
        return problems;
    }
}
