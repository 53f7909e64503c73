package io.tcplab.kernel.wire;

import java.util.List;
import java.util.stream.Collectors;

/** An option of a TCP header. Its text is that of tcpdump; numbers of 32 bits are unsigned. */
public sealed interface TcpOption {
    /** Ends the list (kind 0, RFC 9293 section 3.1). */
    record End() implements TcpOption {
        @Override
        public String toString() {
            return "eol";
        }
    }

    /** Fills up (kind 1, RFC 9293 section 3.1). */
    record NoOperation() implements TcpOption {
        @Override
        public String toString() {
            return "nop";
        }
    }

    /** The greatest payload that the sender wants to receive, in bytes (kind 2, RFC 9293 section 3.7.1). */
    record MaximumSegmentSize(int bytes) implements TcpOption {
        @Override
        public String toString() {
            return "mss " + bytes;
        }
    }

    /** By how many bits the sender's later windows are shifted (kind 3, RFC 7323 section 2). */
    record WindowScale(int shift) implements TcpOption {
        @Override
        public String toString() {
            return "wscale " + shift;
        }
    }

    /** The sender understands selective acknowledgements (kind 4, RFC 2018). */
    record SackPermitted() implements TcpOption {
        @Override
        public String toString() {
            return "sackOK";
        }
    }

    /** What the sender has received beyond its acknowledgement (kind 5, RFC 2018). */
    record Sack(List<Block> blocks) implements TcpOption {
        public Sack {
            blocks = List.copyOf(blocks);
        }

        /** From the first sequence number to the one after the last. */
        public record Block(long from, long to) {}

        @Override
        public String toString() {
            return blocks.stream()
                    .map(block -> "{" + block.from + ":" + block.to + "}")
                    .collect(Collectors.joining("", "sack " + blocks.size() + " ", ""));
        }
    }

    /** The sender's clock and the last one it heard (kind 8, RFC 7323 section 3). */
    record Timestamps(long value, long echo) implements TcpOption {
        @Override
        public String toString() {
            return "TS val " + value + " ecr " + echo;
        }
    }

    /** One that the lab has no business with; {@code value} in hexadecimal. */
    record Other(int kind, String value) implements TcpOption {
        @Override
        public String toString() {
            return "unknown-" + kind + " 0x" + value;
        }
    }
}
