package io.tcplab.compare.verdict;

import io.tcplab.compare.statistics.Contrast;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What one setting does to one measure, against the baseline.
 *
 * @param setting its number
 * @param exact whether the measure never varied within either setting: a fact, for which there is no p-value
 * @param contrast the figures behind it; empty where there are none
 * @param p the p-value, corrected for all that were tested in the comparison; empty where none was needed, or there is none
 * @param words the whole in words
 */
public record Finding(
        int setting,
        Effect effect,
        Sense sense,
        boolean exact,
        Optional<Contrast> contrast,
        OptionalDouble p,
        String words) {}
