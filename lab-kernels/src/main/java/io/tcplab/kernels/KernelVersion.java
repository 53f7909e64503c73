package io.tcplab.kernels;

import java.util.Comparator;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The numbers of a kernel's release: {@code 6.12.95+deb12-amd64} is 6, 12, 95, 12, 64. */
final class KernelVersion {
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    /** The older first. */
    static final Comparator<String> ORDER = (one, other) -> {
        List<Integer> left = numbers(one);
        List<Integer> right = numbers(other);
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            int order = Integer.compare(left.get(i), right.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(left.size(), right.size());
    };

    private KernelVersion() {}

    /** Whether a release is of the version that a user means: 6.1 means 6.1.0-50-amd64, and not 6.12. */
    static boolean matches(String release, String version) {
        return release.startsWith(version)
                && (release.length() == version.length()
                        || !Character.isLetterOrDigit(release.charAt(version.length())));
    }

    /** Whether it looks like a version, or a release. */
    static boolean isOne(String name) {
        return name.matches("\\d+(\\.\\d+)+[-+.\\w]*");
    }

    private static List<Integer> numbers(String release) {
        return NUMBER.matcher(release)
                .results()
                .map(MatchResult::group)
                .filter(digits -> digits.length() < 10)
                .map(Integer::valueOf)
                .toList();
    }
}
