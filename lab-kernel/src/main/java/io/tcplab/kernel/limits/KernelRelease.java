package io.tcplab.kernel.limits;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A kernel's release. Orders by its numbers; a distribution's suffix says nothing about which features are in.
 *
 * @param text as {@code uname -r} prints it: "6.8.0-45-generic"
 */
public record KernelRelease(int major, int minor, int patch, String text) implements Comparable<KernelRelease> {
    private static final Pattern FORMAT =
            Pattern.compile("(\\d{1,5})\\.(\\d{1,5})(?:\\.(\\d{1,5}))?(?:[-+.~_a-zA-Z].*)?");
    private static final Comparator<KernelRelease> ORDER = Comparator.comparingInt(KernelRelease::major)
            .thenComparingInt(KernelRelease::minor)
            .thenComparingInt(KernelRelease::patch)
            .thenComparing(KernelRelease::text);

    /**
     * Reads a release's text form.
     *
     * @param text "6.5", "6.18.44" or with a suffix, "5.15.0-91-generic"
     * @throws IllegalArgumentException if it isn't a release
     */
    public static KernelRelease parse(String text) {
        Matcher matcher = FORMAT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "not a kernel release: \"" + text + "\" (expected such as 6.8 or 6.8.0-45-generic)");
        }
        int patch = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
        return new KernelRelease(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)), patch, text);
    }

    /**
     * The running kernel's. A container and a namespace have no kernel of their own. The JVM has asked {@code uname(2)} for it at its start (JDK,
     * java_props_md.c), so that {@code lab --version} needs no binding of libc's functions.
     */
    public static KernelRelease current() {
        return parse(System.getProperty("os.version"));
    }

    /** Whether this release has what the other brought, by the numbers alone. */
    public boolean isAtLeast(KernelRelease other) {
        return major != other.major
                ? major > other.major
                : minor != other.minor ? minor > other.minor : patch >= other.patch;
    }

    @Override
    public int compareTo(KernelRelease other) {
        return ORDER.compare(this, other);
    }

    /** {@link #text}. */
    @Override
    public String toString() {
        return text;
    }
}
