package io.tcplab.diagnose.causes;

import io.tcplab.kernel.sockets.TcpState;
import java.util.List;
import java.util.Optional;

/**
 * Something that is wrong, with its cause.
 *
 * @param cause the cause's id, such as "eof-read-not-closed"
 * @param title what is wrong, in a sentence with its numbers
 * @param state the state in which the sockets are; empty where the finding isn't about sockets in one state
 * @param sockets how many show it
 * @param change how many more there are than at the beginning of the window
 * @param certainty how sure; certain only if no rival is left
 * @param because why so sure, and not more
 * @param rivals what else would look the same, and isn't excluded
 * @param evidence what was seen: numbers, and some of the sockets
 * @param advice what to look at in the code, or in the configuration
 * @param experiment what to run to see the same on this kernel: `lab run NAME`; empty if there is no such experiment
 * @param why of what nobody reads: "blocked", "spinning", "paused", "stopped" or "unknown"; else empty
 */
public record Finding(
        String cause,
        String title,
        Optional<TcpState> state,
        int sockets,
        int change,
        Certainty certainty,
        String because,
        List<Rival> rivals,
        List<String> evidence,
        String advice,
        String experiment,
        String why) {
    public Finding {
        rivals = List.copyOf(rivals);
        evidence = List.copyOf(evidence);
        if (certainty == Certainty.CERTAIN && !rivals.isEmpty()) {
            throw new IllegalArgumentException(cause + " can't be certain: " + rivals);
        }
    }

    /** One that isn't about something unread. */
    public Finding(
            String cause,
            String title,
            Optional<TcpState> state,
            int sockets,
            int change,
            Certainty certainty,
            String because,
            List<Rival> rivals,
            List<String> evidence,
            String advice,
            String experiment) {
        this(cause, title, state, sockets, change, certainty, because, rivals, evidence, advice, experiment, "");
    }
}
