package io.tcplab.containers.protocol;

/**
 * What an agent says first, before it is asked anything.
 *
 * @param protocol the number of the agent's protocol; if it is another than {@link #PROTOCOL}, nothing else can be understood
 * @param version the program's, for messages
 * @param bootId of the machine's kernel (/proc/sys/kernel/random/boot_id): where it is the lab's own, clocks are the same
 */
public record Greeting(int protocol, String version, String bootId) {
    /** To be raised with every change of what is sent. */
    public static final int PROTOCOL = 3;

    /** What every frame of greeting begins with, in every version. */
    private static final String MAGIC = "tcplab-agent";

    /** As a message. */
    public byte[] toBytes() {
        return new MessageWriter()
                .text(MAGIC)
                .integer(protocol)
                .text(version)
                .text(bootId)
                .toBytes();
    }

    /** Reads one; if it is of another protocol, no more than its number. */
    public static Greeting of(byte[] message) {
        MessageReader reader = new MessageReader(message);
        if (!reader.text().equals(MAGIC)) {
            throw new MalformedMessage("it does not begin with " + MAGIC);
        }
        int protocol = reader.integer();
        return protocol == PROTOCOL
                ? new Greeting(protocol, reader.text(), reader.text())
                : new Greeting(protocol, "", "");
    }
}
