package io.tcplab.experiments.claims;

import io.tcplab.experiments.Expectation;
import io.tcplab.experiments.Experiment;
import java.util.ArrayList;
import java.util.List;

/** A statement that people repeat about TCP, and what decides it.
 *
 * @param number what it is known by, here and in reports
 * @param text the sentence
 * @param background what one has to know to understand the verdict
 * @param points what the verdict is made of; none if no kernel at hand can tell
 */
public record Claim(int number, String text, String background, List<Point> points) {
    /** Copies the list. */
    public Claim {
        points = List.copyOf(points);
    }

    /** Whether a kernel at hand can tell at all. */
    public boolean decidable() {
        return !points.isEmpty();
    }

    /** The runs that decide it, each once. */
    public List<ClaimRun> runs() {
        return points.stream().map(Point::run).distinct().toList();
    }

    /** A claim that is not tied to anything yet. */
    public static Claim of(int number, String text, String background) {
        return new Claim(number, text, background, List.of());
    }

    /** As {@link #upheldBy(ClaimRun, Expectation, String)}, of a run with the experiment's defaults. */
    public Claim upheldBy(Experiment experiment, Expectation expectation, String measure) {
        return upheldBy(ClaimRun.of(experiment), expectation, measure);
    }

    /** As {@link #contradictedBy(ClaimRun, Expectation, String)}, of a run with the experiment's defaults. */
    public Claim contradictedBy(Experiment experiment, Expectation expectation, String measure) {
        return contradictedBy(ClaimRun.of(experiment), expectation, measure);
    }

    /** As {@link #supersededBy(ClaimRun, Expectation, String)}, of a run with the experiment's defaults. */
    public Claim supersededBy(Experiment experiment, Expectation expectation, String measure) {
        return supersededBy(ClaimRun.of(experiment), expectation, measure);
    }

    /** The same, with one more thing that it says, too; {@code measure} as {@link Point} has it. */
    public Claim upheldBy(ClaimRun run, Expectation expectation, String measure) {
        return with(new Point(run, expectation, Bearing.FOR, measure));
    }

    /** The same, with one more thing that it says otherwise. */
    public Claim contradictedBy(ClaimRun run, Expectation expectation, String measure) {
        return with(new Point(run, expectation, Bearing.AGAINST, measure));
    }

    /** The same, with one more thing that has taken its place. */
    public Claim supersededBy(ClaimRun run, Expectation expectation, String measure) {
        return with(new Point(run, expectation, Bearing.SUPERSEDES, measure));
    }

    private Claim with(Point point) {
        List<Point> more = new ArrayList<>(points);
        more.add(point);
        return new Claim(number, text, background, more);
    }
}
