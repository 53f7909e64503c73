package io.tcplab.kernel.transitions;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where the fields of sock:inet_sock_set_state lie in its raw record, from the tracepoint's file "format". The layout
 * is the kernel's to change (Documentation/trace/events.rst, section 2.1).
 */
record TraceFormat(
        int socket, int oldState, int newState, int localPort, int peerPort, int localAddress, int peerAddress) {
    private static final Pattern FIELD =
            Pattern.compile("\\sfield:(?<declaration>[^;]+);\\s*offset:(?<offset>\\d+);\\s*size:(?<size>\\d+);");
    private static final Pattern NAME = Pattern.compile("(\\w+)(\\[\\d+])?$");

    private record Field(String name, int offset, int size) {}

    /**
     * @throws IllegalStateException if a field is missing or has another size than is understood here
     */
    static TraceFormat parse(String format) {
        Map<String, Field> fields = FIELD.matcher(format)
                .results()
                .map(field -> new Field(
                        name(field.group("declaration")),
                        Integer.parseInt(field.group("offset")),
                        Integer.parseInt(field.group("size"))))
                .collect(Collectors.toMap(Field::name, field -> field));
        return new TraceFormat(
                offset(fields, "skaddr", Long.BYTES),
                offset(fields, "oldstate", Integer.BYTES),
                offset(fields, "newstate", Integer.BYTES),
                offset(fields, "sport", Short.BYTES),
                offset(fields, "dport", Short.BYTES),
                // An IPv4 address stands there too, mapped: ::ffff:10.9.0.1.
                offset(fields, "saddr_v6", 2 * Long.BYTES),
                offset(fields, "daddr_v6", 2 * Long.BYTES));
    }

    private static String name(String declaration) {
        Matcher matcher = NAME.matcher(declaration);
        return matcher.find() ? matcher.group(1) : declaration;
    }

    private static int offset(Map<String, Field> fields, String name, int size) {
        Field field = fields.get(name);
        if (field == null || field.size != size) {
            throw new IllegalStateException(
                    "sock:inet_sock_set_state has no field " + name + " of " + size + " bytes, but " + fields.values());
        }
        return field.offset;
    }
}
