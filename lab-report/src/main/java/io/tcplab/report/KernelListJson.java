package io.tcplab.report;

import java.util.List;

/** The kernels that can be had, as JSON. */
public record KernelListJson(String schema, List<Entry> kernels) implements Json.Document {
    /**
     * A kernel.
     *
     * @param name for {@code --kernel}
     * @param release as {@code uname -r} has it there
     * @param origin {@code this machine's}, {@code installed}, {@code fetched} or {@code package}
     * @param place the file, or the package's name; empty for this machine's own
     * @param ready whether {@code --kernel} can take it now; a package must be fetched first
     */
    public record Entry(String name, String release, String origin, String place, boolean ready) {}

    /** Of these kernels. */
    public KernelListJson(List<Entry> kernels) {
        this("lab/kernels/1", List.copyOf(kernels));
    }
}
