package io.tcplab.kernel.sysctl;

import java.math.BigInteger;
import java.util.Optional;

/**
 * A number as proc_get_long() in kernel/sysctl.c reads it: decimal, octal after a 0, hexadecimal after 0x.
 *
 * @param negative whether a minus stands before it, even before 0
 * @param magnitude what stands behind the minus, below 2^64
 * @param text as it was written
 */
record KernelNumber(boolean negative, BigInteger magnitude, String text) {
    private static final int DECIMAL = 10;
    private static final int OCTAL = 8;
    private static final int HEXADECIMAL = 16;
    /** TMPBUFLEN less the end of the string: as many characters are looked at, and a number may not fill them. */
    private static final int LOOKED_AT = 21;

    private static final int BITS = 64;
    private static final char LAST_ASCII = 127;

    BigInteger value() {
        return negative ? magnitude.negate() : magnitude;
    }

    /** Whether a reader who doesn't think of octal numbers reads another one: 010 is 8. */
    boolean surprises() {
        String digits = negative ? text.substring(1) : text;
        return digits.chars().allMatch(c -> c >= '0' && c <= '9') && !new BigInteger(digits).equals(magnitude);
    }

    /** What is left to read of a value and the line end that is written after it. */
    static final class Reader {
        private final String text;
        private int at;

        Reader(String value) {
            this.text = value + "\n";
        }

        /** What hasn't been read, without the space around it. */
        String rest() {
            return text.substring(at).strip();
        }

        boolean atEnd() {
            return at >= text.length();
        }

        /** Passes isspace(). Beyond ASCII it never applies, as a file's bytes are UTF-8. */
        void skipSpaces() {
            skip(" \t\n\u000b\f\r");
        }

        void skip(String characters) {
            while (!atEnd() && characters.indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        /** The next character, passing it. */
        char take() {
            return text.charAt(at++);
        }

        /** The next number, or empty (EINVAL) if there is none or another character than these stands behind it. */
        Optional<KernelNumber> next(String trailers) {
            int end = Math.min(text.length(), at + LOOKED_AT);
            boolean negative = at + 1 < end && text.charAt(at) == '-';
            int first = negative ? at + 1 : at;
            if (digit(first, end, DECIMAL) < 0) {
                return Optional.empty();
            }
            int radix = radix(first, end);
            int from = radix == HEXADECIMAL ? first + 2 : first;
            int to = from;
            while (digit(to, end, radix) >= 0) {
                to++;
            }
            BigInteger magnitude = new BigInteger(text.substring(from, to), radix);
            boolean followed = to < text.length() && trailers.indexOf(text.charAt(to)) < 0;
            if (magnitude.bitLength() > BITS || to - at == LOOKED_AT || followed) {
                return Optional.empty();
            }
            KernelNumber number = new KernelNumber(negative, magnitude, text.substring(at, to));
            at = to;
            return Optional.of(number);
        }

        /** _parse_integer_fixup_radix() in lib/kstrtox.c. */
        private int radix(int first, int end) {
            if (text.charAt(first) != '0') {
                return DECIMAL;
            }
            boolean marked = first + 1 < end && (text.charAt(first + 1) == 'x' || text.charAt(first + 1) == 'X');
            return marked && digit(first + 2, end, HEXADECIMAL) >= 0 ? HEXADECIMAL : OCTAL;
        }

        private int digit(int position, int end, int radix) {
            return position < end && text.charAt(position) <= LAST_ASCII
                    ? Character.digit(text.charAt(position), radix)
                    : -1;
        }
    }
}
