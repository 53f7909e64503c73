package io.tcplab.kernel.transitions;

import io.tcplab.kernel.ffm.ProcFile;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The processors that are online. A container or cgroup may use fewer, but a transition can happen on any. */
final class Processors {
    private Processors() {}

    static int[] online() {
        return parse(ProcFile.read("/sys/devices/system/cpu/online"));
    }

    /** @param list such as "0-3,6" */
    static int[] parse(String list) {
        return Stream.of(list.strip().split(",", -1))
                .flatMapToInt(Processors::range)
                .toArray();
    }

    private static IntStream range(String part) {
        String[] ends = part.split("-", 2);
        return IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]));
    }
}
