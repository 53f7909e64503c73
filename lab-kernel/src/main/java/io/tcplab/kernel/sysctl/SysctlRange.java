package io.tcplab.kernel.sysctl;

import io.tcplab.kernel.sysctl.Written.Refused;
import io.tcplab.kernel.sysctl.Written.Taken;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The values that a knob takes, as its handler in the kernel reads them: no stricter and no laxer. What the kernel takes
 * and can make no sense of, such as a time below 0, is taken and {@link Taken#doubt doubted}.
 */
public sealed interface SysctlRange
        permits NumberRange, PortList, FastOpenKey, SysctlRange.Text, SysctlRange.OneOf, SysctlRange.SomeOf {
    /** The values in words: "0 to 255". */
    String description();

    /** What else a value is held against, as words that follow the description and its unit; or empty. */
    default String limit() {
        return "";
    }

    /** A value that the kernel shows, with single spaces between numbers. */
    default String canonical(String shown) {
        return shown.strip().replaceAll("\\s+", " ");
    }

    /**
     * What comes of writing a value.
     *
     * @param value one line, no space around it
     * @param before what the knob shows; empty if that isn't known
     * @param standing the other knobs
     */
    Written write(String value, Optional<String> before, Standing standing);

    /** The same on the host, where the kernel may load modules. */
    default Written writeOnHost(String value, Optional<String> before, Standing standing) {
        return write(value, before, standing);
    }

    /** {@code takes 0 or 1, not "x"}. */
    default Refused refused(String value, String hint) {
        return Refused.invalid("takes " + description() + ", not \"" + value + "\"" + hint);
    }

    /**
     * Words.
     *
     * @param format which words
     * @param description the format in words
     */
    record Text(Pattern format, String description) implements SysctlRange {
        @Override
        public Written write(String value, Optional<String> before, Standing standing) {
            return format.matcher(value).matches() ? new Taken(value) : refused(value, "");
        }
    }

    /**
     * A word that stands in a list, which is another sysctl.
     *
     * @param list the words that the host can choose; for others it looks for a module
     * @param ofNamespace those of them that a namespace can choose
     */
    record OneOf(String list, String ofNamespace) implements SysctlRange {
        private static final Pattern WORD = Pattern.compile("[^\\s#;\"',]+");

        @Override
        public Written write(String value, Optional<String> before, Standing standing) {
            return isListed(value, ofNamespace, standing) ? new Taken(value) : unlisted(value, ofNamespace, standing);
        }

        @Override
        public Written writeOnHost(String value, Optional<String> before, Standing standing) {
            if (isListed(value, list, standing)) {
                return new Taken(value);
            }
            return WORD.matcher(value).matches()
                    ? new Taken(
                            value,
                            "has no %s now (%s); the kernel accepts it only if it can load a module with that name"
                                    .formatted(value, list))
                    : unlisted(value, list, standing);
        }

        @Override
        public String description() {
            return "a name in " + ofNamespace;
        }

        /** A list that isn't shown holds everything that may be a word. */
        private static boolean isListed(String value, String list, Standing standing) {
            return standing.of(list)
                    .map(words -> List.of(words.split(" ", -1)).contains(value))
                    .orElse(WORD.matcher(value).matches());
        }

        private static Refused unlisted(String value, String list, Standing standing) {
            String words = standing.of(list).map(all -> " " + all).orElse(" the names");
            return Refused.invalid("takes one of%s (%s), not \"%s\"".formatted(words, list, value));
        }
    }

    /**
     * Words that stand in a list, which is another sysctl, as tcp_set_allowed_congestion_control() in
     * net/ipv4/tcp_cong.c reads them: up to the first space that another one follows.
     */
    record SomeOf(String list) implements SysctlRange {
        @Override
        public String description() {
            return "names in " + list;
        }

        @Override
        public Written write(String value, Optional<String> before, Standing standing) {
            String words = value.split("  ", 2)[0];
            Optional<String> all = standing.of(list);
            List<String> known = all.map(text -> List.of(text.split(" ", -1))).orElse(List.of());
            return all.isEmpty() || known.containsAll(List.of(words.split(" ", -1)))
                    ? new Taken(words)
                    : Refused.invalid(
                            "takes names of %s (%s), not \"%s\"".formatted(String.join(" ", known), list, value));
        }
    }
}
