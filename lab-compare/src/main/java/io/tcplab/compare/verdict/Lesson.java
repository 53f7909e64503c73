package io.tcplab.compare.verdict;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What is known of a sysctl's effect on some measures: a row of {@code lessons.txt}.
 *
 * @param measures the names of the measures
 * @param none whether it is known to have no effect on them
 */
record Lesson(String sysctl, Pattern measures, boolean none, List<Integer> claims, String sentence) {
    private static final String FILE = "lessons.txt";
    private static final String INDENT = "    ";
    private static final int COLUMNS = 4;

    /** All of the file, in its order. */
    static List<Lesson> all() {
        try (InputStream file = Objects.requireNonNull(Lesson.class.getResourceAsStream(FILE), FILE)) {
            return parse(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Lesson> parse(String text) {
        List<Lesson> lessons = new ArrayList<>();
        String row = "";
        StringBuilder sentence = new StringBuilder();
        for (String line : (text + "\nend").lines().toList()) {
            if (line.startsWith(INDENT)) {
                sentence.append(sentence.isEmpty() ? "" : " ").append(line.strip());
            } else if (!line.isBlank() && !line.startsWith("#")) {
                if (!row.isEmpty()) {
                    lessons.add(lesson(row, sentence.toString()));
                }
                sentence.setLength(0);
                row = line;
            }
        }
        return List.copyOf(lessons);
    }

    private static Lesson lesson(String row, String sentence) {
        String[] columns = row.split("\\|", -1);
        if (columns.length != COLUMNS || sentence.isBlank()) {
            throw new IllegalArgumentException("not a lesson: " + row + "\n" + sentence);
        }
        return new Lesson(
                columns[0].strip(),
                pattern(columns[1].strip()),
                switch (columns[2].strip()) {
                    case "none" -> true;
                    case "some" -> false;
                    default -> throw new IllegalArgumentException("neither none nor some: " + row);
                },
                numbers(columns[3].strip()),
                sentence);
    }

    /** A star stands for anything, a comma for "or". */
    private static Pattern pattern(String globs) {
        return Pattern.compile(globs.replace(".", "\\.").replace("*", ".*").replaceAll(",\\s*", "|"));
    }

    private static List<Integer> numbers(String text) {
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split("\\s+", -1)).map(Integer::valueOf).toList();
    }
}
