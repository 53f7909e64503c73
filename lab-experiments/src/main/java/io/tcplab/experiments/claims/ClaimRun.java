package io.tcplab.experiments.claims;

import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.run.RunResult;
import java.util.Map;

/**
 * A run that decides a claim, or a part of it.
 *
 * @param settings knob name to text, as {@code --set} takes them; the others have their defaults
 */
public record ClaimRun(Experiment experiment, Map<String, String> settings) {
    /** Copies the map. */
    public ClaimRun {
        settings = Map.copyOf(settings);
    }

    /** A run with the experiment's defaults. */
    public static ClaimRun of(Experiment experiment) {
        return new ClaimRun(experiment, Map.of());
    }

    /** The same with a knob set. */
    public ClaimRun with(String knob, String value) {
        return new ClaimRun(experiment, Map.of(knob, value));
    }

    /** The experiment's name. */
    public String name() {
        return experiment.story().name();
    }

    /** As a user would run it: {@code four-way-close --set closer=server}. */
    public String command() {
        StringBuilder command = new StringBuilder(name());
        settings.forEach((knob, value) ->
                command.append(" --set ").append(knob).append('=').append(value));
        return command.toString();
    }

    /** Whether this is a result of it. */
    boolean yielded(RunResult result) {
        return result.experiment().equals(name())
                && settings.entrySet().stream()
                        .allMatch(setting -> setting.getValue()
                                .equals(String.valueOf(result.knobs().get(setting.getKey()))));
    }
}
