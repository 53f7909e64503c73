package io.tcplab.containers;

import io.tcplab.containers.protocol.Call;
import io.tcplab.containers.protocol.MessageReader;
import java.time.Duration;
import java.util.List;

/**
 * Trials that an agent runs in cells of its own, as {@link io.tcplab.containers.agent.Trials} says.
 *
 * @param study its number there
 */
public record RemoteTrials(AgentLink link, int study) {
    /** The agent answers at least as often, with or without results. */
    private static final Duration SOON = Duration.ofSeconds(10);

    /**
     * What has come since the last time.
     *
     * @param results in the order in which they ended
     * @param ended whether nothing more will come
     */
    public record Next(List<String> results, boolean ended) {
        /** Copies the list. */
        public Next {
            results = List.copyOf(results);
        }
    }

    /** Begins a study, with at most that many runs side by side; 0 for as many as that machine takes. */
    public static RemoteTrials begin(AgentLink link, String study, int jobs) {
        return new RemoteTrials(
                link, link.ask(Call.BEGIN_TRIALS, call -> call.text(study).integer(jobs), MessageReader::integer));
    }

    /**
     * Waits for what comes next; nothing may have come.
     *
     * @throws io.tcplab.experiments.EvidenceMissing if the agent is lost, or can't run the trials
     */
    public Next next() throws InterruptedException {
        return link.await(
                Call.NEXT_TRIALS,
                SOON,
                call -> call.integer(study),
                answer -> new Next(answer.each(MessageReader::text), answer.flag()));
    }
}
