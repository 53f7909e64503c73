package io.tcplab.client;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** What makes the answer to a {@link Script} complete. */
public sealed interface Expect {
    /** As a user writes it. */
    String label();

    /** What is read, as the end of a sentence. */
    String words();

    /**
     * This many bytes, whatever they are.
     *
     * @param count at least 1
     */
    record Bytes(long count) implements Expect {
        public Bytes {
            if (count < 1) {
                throw new IllegalArgumentException(count + " bytes is less than 1");
            }
        }

        @Override
        public String label() {
            return Long.toString(count);
        }

        @Override
        public String words() {
            return count + " bytes";
        }
    }

    /** Everything until the server's FIN. */
    record Close() implements Expect {
        static final String NAME = "close";

        @Override
        public String label() {
            return NAME;
        }

        @Override
        public String words() {
            return "until the server closes";
        }
    }

    /**
     * Bytes in which this is found, one character each (ISO 8859-1). What comes behind the match belongs to the next answer
     * if it arrives later, so the expression should match the answer's end.
     */
    record Regex(Pattern pattern) implements Expect {
        /** The expression is looked for in no more bytes than this. */
        static final int LONGEST = 1 << 20;

        @Override
        public String label() {
            return pattern.pattern();
        }

        @Override
        public String words() {
            return "until " + pattern.pattern() + " matches";
        }
    }

    /**
     * Reads a number of bytes, {@code close}, or else a regular expression of java.util.regex.
     *
     * @throws IllegalArgumentException saying what is wrong with it, and where
     */
    static Expect parse(String text) {
        if (text.equals(Close.NAME)) {
            return new Close();
        }
        if (text.matches("\\d{1,18}")) {
            return new Bytes(Long.parseLong(text));
        }
        if (text.isEmpty()) {
            throw new IllegalArgumentException(
                    "is empty; give a number of bytes, " + Close.NAME + ", or a regular expression");
        }
        try {
            return new Regex(Pattern.compile(text));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "%s is no regular expression: %s at character %d"
                            .formatted(text, e.getDescription(), e.getIndex() + 1),
                    e);
        }
    }
}
