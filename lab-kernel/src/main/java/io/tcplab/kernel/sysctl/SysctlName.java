package io.tcplab.kernel.sysctl;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The name of a sysctl, however it was spelled: {@code net.ipv4.tcp_sack}, {@code net/ipv4/tcp_sack}.
 *
 * <p>The first separator decides: if it is a dot, dots separate and slashes stand for dots within a part, {@code
 * net.ipv4.conf.eth0/100.mtu}; if it is a slash, slashes separate and dots are themselves (sysctl.d(5), "Configuration
 * Format").
 *
 * @param parts the directories below /proc/sys and the file
 */
record SysctlName(List<String> parts) {
    private static final Set<String> PER_INTERFACE = Set.of("conf", "neigh");
    private static final Pattern PART = Pattern.compile("[^/\\s\\p{Cntrl}]+");

    SysctlName {
        parts = List.copyOf(parts);
    }

    /**
     * @throws IllegalArgumentException if it can't be a name
     */
    static SysctlName parse(String text) {
        boolean dotted = firstSeparator(text) == '.';
        String path = dotted ? exchange(text) : text;
        List<String> parts = List.of(path.split("/", -1));
        boolean wellFormed = parts.stream()
                .allMatch(part -> PART.matcher(part).matches() && !part.equals("..") && !part.equals("."));
        if (!wellFormed || parts.size() < 2) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" isn't a sysctl name; expected something like net.ipv4.tcp_fin_timeout");
        }
        return new SysctlName(parts);
    }

    /** With dots, as sysctl(8) prints it. */
    String dotted() {
        return exchange(String.join("/", parts));
    }

    /** The file, below /proc/sys. */
    String path() {
        return "/proc/sys/" + String.join("/", parts);
    }

    /** Whether it is below {@code net}, the only directory of which namespaces have their own. */
    boolean isOfNetwork() {
        return parts.getFirst().equals("net");
    }

    /**
     * Of an interface's sysctl, the same of the pattern for new interfaces, which every namespace has; else this name
     * itself.
     */
    SysctlName ofDefaultInterface() {
        if (parts.size() != 5 || !PER_INTERFACE.contains(parts.get(2))) {
            return this;
        }
        List<String> other = new ArrayList<>(parts);
        other.set(3, "default");
        return new SysctlName(other);
    }

    private static char firstSeparator(String text) {
        return text.chars()
                .filter(c -> c == '.' || c == '/')
                .mapToObj(c -> (char) c)
                .findFirst()
                .orElse('.');
    }

    private static String exchange(String text) {
        return text.chars()
                .map(c -> c == '.' ? '/' : c == '/' ? '.' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
