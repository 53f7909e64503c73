package io.tcplab.kernel.counters;

import io.tcplab.kernel.MalformedException;
import java.util.List;
import java.util.Map;

/**
 * The format of /proc/net/netstat and snmp: lines in pairs, the first with names, the second with values, both
 * beginning with the group.
 *
 * <pre>
 * TcpExt: SyncookiesSent SyncookiesRecv
 * TcpExt: 0 0
 * </pre>
 */
final class CounterTable {
    private CounterTable() {}

    /**
     * Adds each counter to {@code values}, the group before its name.
     *
     * @throws IllegalStateException if the text isn't of that format; it names the line, from 1
     */
    static void parse(String text, Map<String, Long> values) {
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i += 2) {
            if (i + 1 == lines.size()) {
                throw new IllegalStateException(
                        "counters without values in line %d: %s".formatted(i + 1, lines.get(i)));
            }
            addPair(i + 1, lines.get(i).split(" ", -1), lines.get(i + 1).split(" "), values);
        }
    }

    private static void addPair(int line, String[] names, String[] numbers, Map<String, Long> values) {
        if (names.length != numbers.length || !names[0].equals(numbers[0]) || !names[0].endsWith(":")) {
            throw new IllegalStateException("counters and values differ in lines %d and %d: %s / %s"
                    .formatted(line, line + 1, String.join(" ", names), String.join(" ", numbers)));
        }
        String group = names[0].substring(0, names[0].length() - 1);
        for (int i = 1; i < names.length; i++) {
            // Unsigned: a 64-bit counter that wrapped still gives the right difference.
            String number = numbers[i];
            String name = group + names[i];
            values.put(
                    name,
                    MalformedException.unlessRead(
                            "the counter " + name + " in line " + (line + 1), number, () -> parse(number)));
        }
    }

    private static long parse(String number) {
        return number.startsWith("-") ? Long.parseLong(number) : Long.parseUnsignedLong(number);
    }
}
