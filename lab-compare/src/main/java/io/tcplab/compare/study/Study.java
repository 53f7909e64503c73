package io.tcplab.compare.study;

import io.tcplab.compare.design.Crossing;
import io.tcplab.compare.design.Design;
import io.tcplab.compare.design.Factor;
import io.tcplab.compare.threshold.Threshold;
import io.tcplab.experiments.Experiment;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A comparison that is kept in a file: experiments × settings × trials, and what must not come of it.
 *
 * @param title in the author's words; empty if there are none
 * @param factors that make the settings, in the file's order
 * @param trials of each setting; empty for as often as it takes to tell
 * @param seed empty for another one each time
 */
public record Study(
        String title,
        List<Experiment> experiments,
        List<Factor> factors,
        Crossing crossing,
        OptionalInt trials,
        OptionalLong seed,
        List<Threshold> thresholds) {
    /** Copies the lists. */
    public Study {
        experiments = List.copyOf(experiments);
        factors = List.copyOf(factors);
        thresholds = List.copyOf(thresholds);
    }

    /** A comparison for each experiment. */
    public List<Design> designs(long seedIfNone) {
        return experiments.stream()
                .map(experiment -> new Design(experiment, factors, crossing, trials, seed.orElse(seedIfNone)))
                .toList();
    }
}
