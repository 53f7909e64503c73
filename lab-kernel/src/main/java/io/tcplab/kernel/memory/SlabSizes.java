package io.tcplab.kernel.memory;

import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.ffm.ProcFile;
import java.util.HashMap;
import java.util.Map;

/**
 * How many bytes of a slab an object of each cache takes. Only root of the initial user namespace may know.
 *
 * @param bytes by the cache's name, padding included
 */
record SlabSizes(Map<String, Integer> bytes) {
    private static final String SLABINFO = "/proc/slabinfo";
    private static final String ROOT_ONLY = "only root may read it, and not in a user namespace";

    // slabinfo(5): name, active objects, objects, object's size
    private static final int NAME = 0;
    private static final int OBJECT_SIZE = 3;

    SlabSizes {
        bytes = Map.copyOf(bytes);
    }

    /**
     * Of the caches of TCP's objects. A kernel that merges caches of like objects lists one of their names only in slabinfo;
     * the others are links in /sys.
     *
     * @throws KernelException EACCES unless the user is root; ENOENT where the kernel has no slabinfo
     */
    static SlabSizes read() {
        Map<String, Integer> sizes = new HashMap<>(parse(text(SLABINFO)).bytes);
        for (String cache : SocketObject.caches()) {
            if (!sizes.containsKey(cache)) {
                merged(cache, sizes);
            }
        }
        return new SlabSizes(sizes);
    }

    /** Reads what /proc/slabinfo says: two lines of heading, then one for each cache. */
    static SlabSizes parse(String text) {
        Map<String, Integer> sizes = new HashMap<>();
        text.lines()
                .filter(line -> !line.startsWith("slabinfo") && !line.startsWith("#"))
                .map(line -> line.split(" +"))
                .forEach(words -> sizes.put(words[NAME], Integer.valueOf(words[OBJECT_SIZE])));
        return new SlabSizes(sizes);
    }

    /**
     * The size of that cache's objects.
     *
     * @throws KernelException ENOENT if this kernel has no such cache
     */
    int of(String cache) {
        Integer size = bytes.get(cache);
        if (size == null) {
            throw new KernelException(
                    "find the slab cache " + cache,
                    Errno.ENOENT,
                    "neither /proc/slabinfo nor /sys/kernel/slab has a cache of that name");
        }
        return size;
    }

    private static void merged(String cache, Map<String, Integer> sizes) {
        try {
            String size = ProcFile.read("/sys/kernel/slab/" + cache + "/slab_size");
            sizes.put(cache, Integer.valueOf(size.strip()));
        } catch (KernelException absent) {
            // A kernel without IPv6 has none of its caches; asking for a missing one is an error.
        }
    }

    private static String text(String file) {
        try {
            return ProcFile.read(file);
        } catch (KernelException e) {
            throw new KernelException(e.operation(), e.errno(), "", e.errno() == Errno.EACCES ? ROOT_ONLY : "", e);
        }
    }
}
