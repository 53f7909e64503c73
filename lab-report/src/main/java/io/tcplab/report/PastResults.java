package io.tcplab.report;

import io.tcplab.experiments.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What earlier invocations left in the folder of results. */
public final class PastResults {
    /** As {@link ResultsFolder} names them; {@code compare} and {@code claims} before what decided them. */
    private static final List<String> FILES = List.of("claims.json", "compare.json", "run.json", "result.json");

    private final Path base;

    /** Those in this folder. */
    public PastResults(Path base) {
        this.base = base;
    }

    /**
     * One of them.
     *
     * @param name of its folder, which begins with the time
     * @param command {@code run}, {@code compare} or {@code claims}
     * @param summary {@code 34 confirmed, 1 refuted}
     * @param page to look at; empty if it has none
     */
    public record Past(
            String name, Path folder, String command, String summary, Optional<Path> page, StoredReport report) {}

    /**
     * All that can be read, the newest first.
     *
     * @throws UsageException if there is no such folder
     */
    public List<Past> all() throws IOException {
        requireFolder();
        return read(name -> true);
    }

    private void requireFolder() {
        if (!Files.isDirectory(base)) {
            throw new UsageException(
                    "no results in %s yet: run an experiment first, or give another folder with --out DIR"
                            .formatted(base.toAbsolutePath()));
        }
    }

    private List<Past> read(Predicate<String> wanted) throws IOException {
        try (Stream<Path> folders = Files.list(base)) {
            return folders.filter(folder -> wanted.test(folder.getFileName().toString()))
                    .filter(folder -> !Files.isSymbolicLink(folder))
                    .flatMap(folder -> read(folder).stream())
                    .sorted(Comparator.comparing(Past::name).reversed())
                    .toList();
        }
    }

    /**
     * One by its folder's name, by a part of it that only one has, or {@code latest}.
     *
     * @throws UsageException if there is none, or more than one
     */
    public Past find(String name) throws IOException {
        requireFolder();
        String wanted = name.equals(ResultsFolder.LATEST) ? latest() : name;
        List<Past> same = read(wanted::equals);
        List<Past> found = same.isEmpty() ? read(each -> each.contains(wanted)) : same;
        if (found.size() != 1) {
            throw new UsageException("%s: %s in %s; `lab results` lists them"
                    .formatted(
                            name,
                            found.isEmpty() ? "no such results" : found.size() + " results have that in their name",
                            base));
        }
        return found.getFirst();
    }

    private String latest() throws IOException {
        Path link = base.resolve(ResultsFolder.LATEST);
        return Files.exists(link) ? link.toRealPath().getFileName().toString() : ResultsFolder.LATEST;
    }

    private static Optional<Past> read(Path folder) {
        return FILES.stream()
                .map(folder::resolve)
                .filter(Files::isReadable)
                .findFirst()
                .flatMap(file -> {
                    try {
                        return Optional.of(past(folder, StoredReport.read(file)));
                    } catch (IOException e) {
                        return Optional.empty(); // cut off, or not ours
                    }
                });
    }

    private static Past past(Path folder, StoredReport report) {
        Path page = folder.resolve(ResultsFolder.PAGE);
        String[] schema = report.schema().split("/", -1);
        String command = schema.length == 3 ? schema[1] : "?";
        String summary = switch (command) {
            case "claims" -> counts(report.objects("claims"));
            case "compare" -> compared(report.objects("comparisons"));
            default -> counts(report.objects("runs"));
        };
        return new Past(
                folder.getFileName().toString(),
                folder,
                command,
                summary + (report.isTrue("interrupted") ? ", then interrupted" : ""),
                Files.isReadable(page) ? Optional.of(page) : Optional.empty(),
                report);
    }

    private static String counts(List<StoredReport> judged) {
        String counts = Phrases.counts(judged.stream().map(each -> each.text("verdict")));
        return counts.isEmpty() ? "nothing finished" : counts;
    }

    private static String compared(List<StoredReport> comparisons) {
        return comparisons.stream()
                .map(each -> "%s, %d settings"
                        .formatted(
                                each.text("experiment"),
                                each.objects("settings").size()))
                .collect(Collectors.joining("; "));
    }
}
