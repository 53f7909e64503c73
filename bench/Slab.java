import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The kernel's slab caches at one moment, as /proc/slabinfo has them: the whole machine's, so that what other programs do is in it.
 *
 * @param caches by their names; a cache that was merged with another one is there by one of both names only
 */
record Slab(Map<String, Cache> caches) {
    private static final int PAGE_BYTES = 4096;
    private static final Cache NONE = new Cache(0, 0);

    /**
     * @param objects how many are in use
     * @param bytes what one takes of a slab, with its share of what is left over
     */
    record Cache(long objects, double bytes) {}

    /**
     * What one of many like things takes: only whole objects, so that what the rest of the machine makes and frees meanwhile rounds to
     * nothing, if that is fewer than half as many.
     *
     * @param objects how many of each cache
     * @param bytes what these take together
     */
    record Each(Map<String, Integer> objects, double bytes) {
        String text() {
            return objects.entrySet().stream()
                    .map(entry -> entry.getValue() == 1 ? entry.getKey() : entry.getValue() + " " + entry.getKey())
                    .collect(Collectors.joining(", "));
        }
    }

    static Slab read() throws IOException {
        Map<String, Cache> caches = new TreeMap<>();
        Files.readAllLines(Path.of("/proc/slabinfo")).stream().skip(2).map(line -> line.split(" +")).forEach(word -> {
            // name, active objects, objects, object's size, objects per slab, pages per slab
            double bytes = Double.parseDouble(word[5]) * PAGE_BYTES / Integer.parseInt(word[4]);
            caches.put(word[0], new Cache(Long.parseLong(word[1]), bytes));
        });
        return new Slab(caches);
    }

    /** How many objects of each cache came since, for each of so many things. */
    Map<String, Double> since(Slab before, long things) {
        Map<String, Double> growth = new TreeMap<>();
        caches.forEach((name, cache) -> growth.put(name, (cache.objects - before.caches.getOrDefault(name, NONE).objects) / (double) things));
        return growth;
    }

    /** What several rounds agree on: the median of each cache's growth. */
    static Each each(List<Map<String, Double>> rounds) throws IOException {
        Map<String, Integer> objects = new LinkedHashMap<>();
        double bytes = 0;
        for (Map.Entry<String, Cache> entry : read().caches.entrySet()) {
            double[] growths = rounds.stream().mapToDouble(round -> round.getOrDefault(entry.getKey(), 0.0)).toArray();
            int each = (int) Math.round(Storm.median(growths));
            if (each > 0) {
                objects.put(entry.getKey(), each);
                bytes += each * entry.getValue().bytes;
            }
        }
        return new Each(objects, bytes);
    }
}
