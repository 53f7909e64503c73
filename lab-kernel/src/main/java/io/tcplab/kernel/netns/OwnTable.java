package io.tcplab.kernel.netns;

import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.ffm.ProcFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a namespace has to be made so that the kernel keeps its connections in a table of their own.
 *
 * <p>By default all namespaces share one table, and to list the three sockets of one the kernel walks through everybody's: beside
 * 275,000 sockets of others that took 24 ms of its time, and with a table of its own too little to measure. Cells look at
 * themselves several times a second, and their timers are only as exact as those looks.
 *
 * <p>A namespace gets its own table if net.ipv4.tcp_child_ehash_entries says so where it is made (since Linux 6.1, tcp_set_hashinfo()
 * in net/ipv4/tcp_ipv4.c). So that no sysctl of the user's changes, that is a namespace which serves for nothing else.
 *
 * @param nursery the namespace to be in
 * @param settings what the kernel derives from the table's size, as it is with the shared table
 */
record OwnTable(Namespace nursery, Map<String, String> settings) {
    /** 256 KB; a walk through it takes less than a millisecond, and a hundred thousand connections are three in a bucket. */
    private static final String ENTRIES = "32768";

    private static final String CHILD_ENTRIES = "tcp_child_ehash_entries";
    private static final List<String> DERIVED = List.of("tcp_max_tw_buckets", "tcp_max_syn_backlog");

    private static @Nullable OwnTable made;

    /**
     * Made once and kept for the life of the process; what failed is tried again the next time.
     *
     * @throws KernelException as {@link Namespace#create}
     */
    static synchronized OwnTable get() {
        OwnTable table = made;
        if (table == null) {
            table = make();
            made = table;
        }
        return table;
    }

    private static OwnTable make() {
        Namespace nursery = Namespace.create("nursery");
        try {
            return nursery.call(() -> prepared(nursery));
        } catch (RuntimeException e) {
            nursery.close();
            throw e;
        }
    }

    private static OwnTable prepared(Namespace nursery) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String name : DERIVED) {
            settings.put(name, ProcFile.read(path(name)).strip());
        }
        try {
            ProcFile.write(path(CHILD_ENTRIES), ENTRIES);
        } catch (KernelException notToBeHad) {
            // An older kernel, or a container's read-only /proc/sys: namespaces that are made there share the table, as
            // all others do.
            return new OwnTable(nursery, Map.of());
        }
        return new OwnTable(nursery, settings);
    }

    /** Gives the calling thread's namespace, made in the nursery, the settings that it would have with the shared table. */
    void restore() {
        settings.forEach((name, value) -> ProcFile.write(path(name), value));
    }

    private static String path(String name) {
        return "/proc/sys/net/ipv4/" + name;
    }
}
