package io.tcplab.report;

import io.tcplab.experiments.UsageException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/**
 * The folder that keeps one invocation's results: {@code <base>/<time>-<name>/}, and beside it the link {@code latest}.
 * Each file is whole at any time: it is written beside its place and then moved there.
 */
public final class ResultsFolder {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HHmmss");
    static final String LATEST = "latest";
    static final String PAGE = "report.html";

    /** What a run leaves at least, about. */
    private static final int ROOM_BYTES = 1 << 16;

    private final Path path;

    private ResultsFolder(Path path) {
        this.path = path;
    }

    /**
     * Makes the folder, named by the time that it is here.
     *
     * @param base is made as well if it isn't there
     * @param name what was run
     * @throws UsageException if it can't be made, saying what else to do
     */
    public static ResultsFolder create(Path base, String name) {
        return create(base, name, LocalDateTime.now(ZoneId.systemDefault()));
    }

    static ResultsFolder create(Path base, String name, LocalDateTime now) {
        try {
            Files.createDirectories(base);
            ResultsFolder folder = new ResultsFolder(createNew(base, TIME.format(now) + "-" + name));
            folder.requireRoom();
            return folder;
        } catch (IOException e) {
            throw new UsageException(
                    "can't write the results to %s (%s). Use --out DIR for another place."
                            .formatted(base.toAbsolutePath(), FileErrors.reason(e)),
                    e);
        }
    }

    /** A disk that is full already is better known now. */
    private void requireRoom() throws IOException {
        Path probe = path.resolve(".room");
        try {
            Files.write(probe, new byte[ROOM_BYTES]);
            Files.delete(probe);
        } catch (IOException e) {
            Files.deleteIfExists(probe);
            Files.deleteIfExists(path);
            throw e;
        }
    }

    /** Two invocations may begin within the same second. */
    private static Path createNew(Path base, String name) throws IOException {
        for (int attempt = 1; ; attempt++) {
            Path path = base.resolve(attempt == 1 ? name : name + "-" + attempt);
            try {
                return Files.createDirectory(path);
            } catch (FileAlreadyExistsException e) {
                // the next name, then
            }
        }
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** Writes what there is so far, in place of what was written before, and points {@code latest} here. */
    public void write(RunReport report) throws IOException {
        replace("result.json", to -> Json.write(RunJson.of(report), to));
        replace("timeline.csv", to -> TimelineCsv.write(report, to));
        link();
    }

    /** Writes what became of the claims, beside the runs that decided them. */
    public void write(ClaimsReport report) throws IOException {
        replace("claims.json", to -> Json.write(ClaimsJson.of(report), to));
    }

    /** Writes what there is so far of comparisons, and points {@code latest} here. */
    public void write(CompareReport report) throws IOException {
        replace("compare.json", to -> Json.write(CompareJson.of(report), to));
        replace("samples.csv", to -> CompareCsv.write(report, to));
        link();
    }

    /**
     * Writes what several kernels reported together, and points {@code latest} here.
     *
     * @param command {@code run} or {@code claims}
     */
    public void write(String command, Json.Document document) throws IOException {
        replace(command + ".json", to -> Json.write(document, to));
        link();
    }

    /** Writes {@code report.html}, to look at. At the end: a page of many runs takes its time. */
    public void writePage(Content page) throws IOException {
        replace(PAGE, page);
    }

    private void replace(String name, Content content) throws IOException {
        Path temporary = path.resolve("." + name);
        // Whole first: the JSON's writer would wrap a full disk's error in one of its own.
        StringWriter text = new StringWriter();
        content.write(text);
        Files.writeString(temporary, text.toString());
        Files.move(temporary, path.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** By rename, so that there is a link at any time, and two processes can't trip over each other. */
    private void link() throws IOException {
        Path temporary = path.resolveSibling("." + path.getFileName() + "." + LATEST);
        Files.deleteIfExists(temporary);
        Files.createSymbolicLink(temporary, path.getFileName());
        Files.move(
                temporary,
                path.resolveSibling(LATEST),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** What a file is to have in it. */
    @FunctionalInterface
    public interface Content {
        /** Writes all of it. */
        void write(Writer to) throws IOException;
    }
}
