package io.tcplab.cluster;

/** A label that an administrator has given machines of a cluster; only those that have it are meant. */
public record NodeLabel(String key, String value) {
    /** {@code lab=yes}; throws {@link IllegalArgumentException} on other text. */
    public static NodeLabel parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 1 || equals == text.length() - 1) {
            throw new IllegalArgumentException("--node-label %s: expected KEY=VALUE, such as lab=yes".formatted(text));
        }
        return new NodeLabel(text.substring(0, equals), text.substring(equals + 1));
    }

    @Override
    public String toString() {
        return key + "=" + value;
    }
}
