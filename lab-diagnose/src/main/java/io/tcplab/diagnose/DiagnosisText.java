package io.tcplab.diagnose;

import io.tcplab.diagnose.causes.Finding;
import io.tcplab.kernel.sockets.TcpState;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A diagnosis in plain words, for a log, a failing test or a pipe. */
public final class DiagnosisText {
    private static final int WIDTH = 110;

    private DiagnosisText() {}

    /** All of it, lines ending in \n. */
    public static String of(Diagnosis diagnosis) {
        StringBuilder text = new StringBuilder();
        text.append(diagnosis.target())
                .append(", ")
                .append(seconds(diagnosis))
                .append(": ")
                .append(verdict(diagnosis))
                .append('\n');
        text.append("  sockets: ")
                .append(states(diagnosis))
                .append(mptcp(diagnosis))
                .append('\n');
        diagnosis.findings().forEach(finding -> append(text, finding));
        lines(text, "to know: ", diagnosis.observations());
        lines(text, "not seen: ", diagnosis.limits());
        if (!diagnosis.hasFindings()) {
            lines(text, "looked for: ", List.of(String.join("; ", diagnosis.checked())));
        }
        return text.toString();
    }

    /** "2 findings", "nothing wrong here", or that it is inconclusive. */
    public static String verdict(Diagnosis diagnosis) {
        int findings = diagnosis.findings().size();
        if (findings > 0) {
            return findings + (findings == 1 ? " finding" : " findings");
        }
        return diagnosis.conclusive() ? "nothing wrong here" : "nothing found, but not everything was visible";
    }

    /** {@code 12 CLOSE_WAIT, 3 ESTABLISHED}; the most first. */
    public static String states(Diagnosis diagnosis) {
        String states = diagnosis.states().entrySet().stream()
                .sorted((one, other) -> Integer.compare(other.getValue(), one.getValue()))
                .map(state -> String.format(
                        Locale.ROOT, "%,d %s", state.getValue(), state.getKey().label()))
                .collect(Collectors.joining(", "));
        return states.isEmpty() ? "none" : states;
    }

    private static String mptcp(Diagnosis diagnosis) {
        return diagnosis.mptcp() == 0 ? "" : String.format(Locale.ROOT, "; %,d are MPTCP sockets", diagnosis.mptcp());
    }

    private static String seconds(Diagnosis diagnosis) {
        return diagnosis.window().isZero()
                ? "one look"
                : String.format(
                        Locale.ROOT, "observed for %.1f s", diagnosis.window().toMillis() / 1e3);
    }

    private static void append(StringBuilder text, Finding finding) {
        text.append('\n').append(finding.cause());
        finding.state()
                .map(TcpState::label)
                .ifPresent(state -> text.append(" (").append(state).append(')'));
        text.append(": ").append(finding.title()).append('\n');
        lines(text, finding.certainty().label() + ": ", List.of(finding.because()));
        lines(
                text,
                "not excluded: ",
                finding.rivals().stream()
                        .map(rival -> rival.what() + ". To tell: " + rival.apart())
                        .toList());
        lines(text, "seen: ", finding.evidence());
        lines(text, "look at: ", List.of(finding.advice()));
        if (!finding.experiment().isEmpty()) {
            lines(text, "see it happen: ", List.of("lab run " + finding.experiment()));
        }
    }

    private static void lines(StringBuilder text, String heading, List<String> lines) {
        for (String line : lines) {
            wrap(text, "  " + heading, line);
        }
    }

    private static void wrap(StringBuilder text, String heading, String words) {
        int column = heading.length();
        text.append(heading);
        for (String word : words.split(" ", -1)) {
            if (column + word.length() > WIDTH) {
                text.setLength(text.length() - 1);
                text.append('\n').repeat(' ', 4);
                column = 4;
            }
            text.append(word).append(' ');
            column += word.length() + 1;
        }
        text.setLength(text.length() - 1);
        text.append('\n');
    }
}
