package io.tcplab.kernel.counters;

import io.tcplab.kernel.MalformedException;
import java.util.Iterator;
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
     * @throws IllegalStateException if the text isn't of that format
     */
    static void parse(String text, Map<String, Long> values) {
        Iterator<String> lines = text.lines().iterator();
        while (lines.hasNext()) {
            String names = lines.next();
            if (!lines.hasNext()) {
                throw new IllegalStateException("counters without values: " + names);
            }
            addPair(names.split(" ", -1), lines.next().split(" "), values);
        }
    }

    private static void addPair(String[] names, String[] numbers, Map<String, Long> values) {
        if (names.length != numbers.length || !names[0].equals(numbers[0]) || !names[0].endsWith(":")) {
            throw new IllegalStateException(
                    "counters and values differ: " + String.join(" ", names) + " / " + String.join(" ", numbers));
        }
        String group = names[0].substring(0, names[0].length() - 1);
        for (int i = 1; i < names.length; i++) {
            // Unsigned: a 64-bit counter that wrapped still gives the right difference.
            String number = numbers[i];
            values.put(group + names[i], MalformedException.unlessRead("a counter", number, () -> parse(number)));
        }
    }

    private static long parse(String number) {
        return number.startsWith("-") ? Long.parseLong(number) : Long.parseUnsignedLong(number);
    }
}
