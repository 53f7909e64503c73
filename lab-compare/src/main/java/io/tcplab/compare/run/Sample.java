package io.tcplab.compare.run;

import io.tcplab.experiments.Measure;
import io.tcplab.experiments.Measurement;
import io.tcplab.experiments.run.MeasuredRun;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What came of one trial of one setting.
 *
 * @param setting its number, 1 for the baseline
 * @param trial 1 for the first
 * @param run the last attempt; it counts if it is whole
 * @param failed why earlier attempts didn't count
 * @param node the machine of a cluster that it was on; empty for this one
 */
public record Sample(int setting, int trial, MeasuredRun run, List<String> failed, Optional<String> node) {
    /** Copies the list. */
    public Sample {
        failed = List.copyOf(failed);
    }

    /** One of this machine. */
    public Sample(int setting, int trial, MeasuredRun run, List<String> failed) {
        this(setting, trial, run, failed, Optional.empty());
    }

    /** The same on a machine of a cluster, whose trials come after that many of others. */
    public Sample on(String machine, int trialsBefore) {
        return new Sample(setting, trialsBefore + trial, run, failed, Optional.of(machine));
    }

    /** A measure's value, to its resolution; empty if it doesn't count, or there is none. */
    public OptionalDouble value(Measure measure) {
        Measurement measured = run.measurements().get(measure.name());
        return measured == null || !isKept() || Double.isNaN(measured.value())
                ? OptionalDouble.empty()
                : OptionalDouble.of(measure.rounded(measured.value()));
    }

    /** Whether it counts; if not, {@link MeasuredRun#problem} says why. */
    public boolean isKept() {
        return run.isWhole();
    }
}
