package io.tcplab.cli;

import io.tcplab.diagnose.Diagnosis;
import io.tcplab.diagnose.DiagnosisText;
import picocli.CommandLine.Help.Ansi.Style;

/** A diagnosis on a screen: its words, with colours where a person reads them. */
final class DiagnosisPage {
    private DiagnosisPage() {}

    static void print(Diagnosis diagnosis, Screen screen) {
        StringBuilder page = new StringBuilder();
        diagnosis
                .text()
                .lines()
                .forEach(line -> page.append(styled(line, diagnosis, screen)).append('\n'));
        screen.out().print(page);
        screen.out().flush();
    }

    /** The first line and each finding's begin at the left; what belongs to them is indented. */
    private static String styled(String line, Diagnosis diagnosis, Screen screen) {
        if (line.isEmpty() || line.startsWith(" ")) {
            return line;
        }
        if (line.endsWith(DiagnosisText.verdict(diagnosis))) {
            return screen.styled(line, Style.bold, diagnosis.hasFindings() ? Style.fg_red : Style.fg_green)
                    .toString();
        }
        return screen.styled(line, Style.bold).toString();
    }
}
