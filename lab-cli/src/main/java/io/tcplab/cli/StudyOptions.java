package io.tcplab.cli;

import io.tcplab.compare.design.Design;
import io.tcplab.compare.design.Setting;
import io.tcplab.compare.study.Study;
import io.tcplab.compare.study.StudyException;
import io.tcplab.compare.study.StudyFile;
import io.tcplab.compare.threshold.Threshold;
import io.tcplab.compare.threshold.ThresholdException;
import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.UsageException;
import io.tcplab.report.FileErrors;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a comparison that is kept in a file, and of what must not come of one. */
final class StudyOptions {
    @Option(
            names = {"--study", "--setting-matrix"},
            paramLabel = "FILE",
            description =
                    "A study in YAML: experiments, settings, trials, seed and thresholds. A NAME on the command line,"
                            + " --trials and --seed override the file's.")
    private @Nullable Path file;

    @Option(
            names = "--fail-if",
            paramLabel = "EXPR",
            description = "Exit with 1 if this holds for any trial, such as \"client.EADDRNOTAVAIL > 0\". Also"
                    + " \"median(MEASURE) >= 5 ms in SETTING\"; median, max, min. Exit with 2 if nothing was measured.")
    private List<String> thresholds = List.of();

    @Option(names = "--study-schema", description = "Print the JSON Schema of studies, for an editor, and exit.")
    private boolean schema;

    boolean wantsSchema() {
        return schema;
    }

    /** The study; empty if none was given. */
    Optional<Study> read(List<Experiment> experiments) {
        if (file == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(StudyFile.read(file, experiments));
        } catch (StudyException e) {
            throw UsageException.from(e);
        } catch (CharacterCodingException e) {
            throw new UsageException("can't read " + file + ": it isn't UTF-8", e);
        } catch (IOException e) {
            throw new UsageException("--study: can't read " + file + ": " + FileErrors.reason(e), e);
        }
    }

    /** The study's thresholds and the command line's, which are checked against what will run. */
    List<Threshold> thresholds(Optional<Study> study, List<Design> designs) {
        List<Threshold> all = new ArrayList<>(study.map(Study::thresholds).orElse(List.of()));
        List<Experiment> experiments = designs.stream().map(Design::experiment).toList();
        List<String> labels =
                designs.getFirst().settings().stream().map(Setting::label).toList();
        for (String text : thresholds) {
            Threshold threshold = parse(text);
            threshold.problem(experiments, labels).ifPresent(problem -> {
                throw new UsageException("--fail-if \"%s\": %s".formatted(text, problem));
            });
            all.add(threshold);
        }
        return all;
    }

    private static Threshold parse(String text) {
        try {
            return Threshold.parse(text);
        } catch (ThresholdException e) {
            throw new UsageException("--fail-if \"%s\": column %d: %s".formatted(text, e.column(), e.getMessage()), e);
        }
    }
}
