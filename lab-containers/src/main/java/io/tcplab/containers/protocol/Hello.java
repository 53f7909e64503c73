package io.tcplab.containers.protocol;

/**
 * What an agent says that isn't started over standard input and output but calls by TCP: who it is. Its greeting follows.
 *
 * @param key of those that belong together; an agent with another one is none of ours
 * @param role {@code server}, {@code client} or {@code node}
 * @param number of those of the role, from 1
 * @param node the machine it is on, as the cluster calls it
 */
public record Hello(String key, String role, int number, String node) {
    /** As a message. */
    public byte[] toBytes() {
        return write(new MessageWriter()).toBytes();
    }

    MessageWriter write(MessageWriter out) {
        return out.text(key).text(role).integer(number).text(node);
    }

    /** Reads one. */
    public static Hello of(MessageReader in) {
        return new Hello(in.text(), in.text(), in.integer(), in.text());
    }
}
