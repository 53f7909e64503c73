package io.tcplab.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the lab said on one of several kernels.
 *
 * @param kernel as the user named it: {@code 6.1}, {@code host}
 * @param release of it, as {@code uname -r} has it there
 * @param accelerator how its guest was run; empty for this machine's own
 * @param bootSeconds until the lab was started there; 0 if it wasn't
 * @param seconds all in all
 * @param problem why its report is missing, or not whole; empty if nothing is
 * @param lastLines of the guest's console if it was lost
 * @param report what it reported, as JSON; empty if there is nothing
 */
public record KernelRun(
        String kernel,
        String release,
        String accelerator,
        double bootSeconds,
        double seconds,
        String problem,
        List<String> lastLines,
        Optional<StoredReport> report) {
    /** Copies the list. */
    public KernelRun {
        lastLines = List.copyOf(lastLines);
    }

    /** Whether it was stopped before all that was asked had been decided. */
    boolean isPartial() {
        return !problem.isEmpty()
                || report.map(document -> document.isTrue("interrupted")).orElse(true);
    }

    /** Its name, and which kernel that is. */
    String title() {
        return release.equals(kernel) ? release : "%s (%s)".formatted(kernel, release);
    }

    /** How it went, in a sentence. */
    public String story() {
        String how = accelerator.isEmpty()
                ? "this machine's own kernel, %s".formatted(Figures.seconds(seconds))
                : "QEMU, %s; the lab started after %s, all took %s"
                        .formatted(accelerator, Figures.seconds(bootSeconds), Figures.seconds(seconds));
        return "%s: %s%s".formatted(title(), how, problem.isEmpty() ? "" : "; " + problem);
    }

    /** As JSON has it, with all that it reported. */
    StoredReport document() {
        return summary().with("report", report.orElse(null));
    }

    /** As JSON has it, without what it reported. */
    StoredReport summary() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("kernel", kernel);
        fields.put("release", release);
        fields.put("accelerator", accelerator);
        fields.put("bootSeconds", Figures.rounded(bootSeconds));
        fields.put("seconds", Figures.rounded(seconds));
        fields.put("problem", problem);
        fields.put("lastLines", lastLines);
        return new StoredReport(fields);
    }
}
