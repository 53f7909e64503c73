package io.tcplab.serve;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that the page shows at one moment: the event {@code frame}. Each is whole, so that one may be lost.
 *
 * @param schema {@code lab/live/1}
 * @param atMillis the time of day
 * @param hosts the target, or both hosts of both arms of the latest run
 * @param target what is looked at, unless it is experiments only
 * @param run the latest experiment, if there was one
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record LiveFrame(String schema, long atMillis, List<Host> hosts, Optional<Target> target, Optional<Run> run) {
    static final String SCHEMA = "lab/live/1";

    /**
     * A host's sockets.
     *
     * @param arm {@code fault} or {@code control}; {@code target}
     * @param host {@code client} or {@code server}; {@code target}
     * @param states name to sockets, those without any left out
     * @param edges the state changes of the last moment
     * @param edgesBy where they come from: {@code tracepoint}, {@code census}, or {@code none}
     * @param edgesNote what they may lack
     */
    record Host(
            String arm, String host, Map<String, Integer> states, List<Edge> edges, String edgesBy, String edgesNote) {}

    /** State changes a second. */
    record Edge(String from, String to, BigDecimal perSecond) {}

    /**
     * A live process, port, container or namespace.
     *
     * @param rates of the whole namespace, by its counters, a second
     * @param lookMillis how long a look takes
     * @param limits what couldn't be seen
     * @param problem why there are no more looks; empty while there are
     */
    record Target(
            String label,
            Map<String, BigDecimal> rates,
            List<Finding> findings,
            List<String> limits,
            long lookMillis,
            String problem) {}

    /** What is wrong. */
    record Finding(String cause, String title, String state, String certainty, String advice, String experiment) {}

    /**
     * An experiment.
     *
     * @param state {@code running}, {@code stopping} or {@code ended}
     * @param verdict empty before the end, and if it was stopped
     * @param reason why it isn't confirmed
     * @param results the folder
     */
    record Run(
            String experiment,
            Map<String, String> set,
            String state,
            List<Step> steps,
            String verdict,
            String reason,
            List<Expectation> expectations,
            String results) {
        static final String ENDED = "ended";

        static String state(boolean running, boolean stopping) {
            return !running ? ENDED : stopping ? "stopping" : "running";
        }
    }

    /** What an arm does, since when. */
    record Step(String arm, BigDecimal seconds, String what) {}

    /** What was expected and observed. */
    record Expectation(String statement, String arm, String host, String expected, String observed, String verdict) {}

    /**
     * What a browser that has just come needs for its charts: the event {@code history}.
     *
     * @param schema {@code lab/live-history/1}
     */
    record History(String schema, List<Point> points) {
        static final String SCHEMA = "lab/live-history/1";
    }

    /** The counts of a moment. */
    record Point(long atMillis, List<Counts> hosts) {}

    /** The counts of a host. */
    record Counts(String arm, String host, Map<String, Integer> states) {}
}
