package io.tcplab.kernel.sysctl;

import io.tcplab.kernel.sysctl.Written.Taken;
import java.util.BitSet;
import java.util.Optional;

/**
 * A list of ports and ranges of ports, "8080,9000-9100", as proc_do_large_bitmap() in kernel/sysctl.c reads it; empty
 * for none.
 */
record PortList() implements SysctlRange {
    private static final int PORTS = 65_536;
    /** PAGE_SIZE less one: more is for the next write(), which sysctl(8) doesn't make. */
    private static final int AT_ONCE = 4095;

    private static final String CUT =
            "is longer than the %d bytes that the kernel accepts at once: sysctl -p silently sets only what fits"
                    .formatted(AT_ONCE);
    private static final String AFTER_FIRST = "-,\n";
    private static final String AFTER_LAST = ",\n";

    @Override
    public String description() {
        return "ports and ranges of ports, such as 8080,9000-9100";
    }

    @Override
    public Written write(String value, Optional<String> before, Standing standing) {
        boolean cut = value.length() + 1 > AT_ONCE;
        // What is cut off can't end in the middle of a port: the kernel leaves that for the next write.
        String whole = cut ? value.substring(0, value.lastIndexOf(',', AT_ONCE - 2) + 1) : value;
        Optional<BitSet> ports = ports(whole);
        if (ports.isEmpty()) {
            return refused(value, value.matches(".*\\s.*") ? "; it may not contain spaces or a comment" : "");
        }
        return new Taken(shown(ports.get()), cut ? CUT : "");
    }

    private static Optional<BitSet> ports(String value) {
        BitSet ports = new BitSet(PORTS);
        KernelNumber.Reader reader = new KernelNumber.Reader(value);
        reader.skip("\n");
        while (!reader.atEnd()) {
            Optional<Integer> first = reader.next(AFTER_FIRST).flatMap(PortList::port);
            boolean isRange = reader.take() == '-';
            Optional<Integer> last = isRange ? reader.next(AFTER_LAST).flatMap(PortList::port) : first;
            if (first.isEmpty() || last.isEmpty() || first.get() > last.get()) {
                return Optional.empty();
            }
            if (isRange) {
                reader.take();
            }
            ports.set(first.get(), last.get() + 1);
            reader.skip("\n");
        }
        return Optional.of(ports);
    }

    private static Optional<Integer> port(KernelNumber number) {
        boolean isPort = !number.negative()
                && number.magnitude().bitLength() < Integer.SIZE - 1
                && number.magnitude().intValue() < PORTS;
        return isPort ? Optional.of(number.magnitude().intValue()) : Optional.empty();
    }

    /** Sorted, with neighbours joined. */
    private static String shown(BitSet ports) {
        StringBuilder text = new StringBuilder();
        for (int first = ports.nextSetBit(0); first >= 0; ) {
            int last = ports.nextClearBit(first) - 1;
            text.append(text.isEmpty() ? "" : ",").append(first).append(last == first ? "" : "-" + last);
            first = ports.nextSetBit(last + 1);
        }
        return text.toString();
    }
}
