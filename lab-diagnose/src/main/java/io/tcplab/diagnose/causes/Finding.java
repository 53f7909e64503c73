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
 * @param certainty how sure
 * @param because why so sure, and not more
 * @param evidence what was seen: numbers, and some of the sockets
 * @param advice what to look at in the code, or in the configuration
 * @param experiment what to run to see the same on this kernel: `lab run NAME`; empty if there is no such experiment
 */
public record Finding(
        String cause,
        String title,
        Optional<TcpState> state,
        int sockets,
        int change,
        Certainty certainty,
        String because,
        List<String> evidence,
        String advice,
        String experiment) {
    public Finding {
        evidence = List.copyOf(evidence);
    }
}
