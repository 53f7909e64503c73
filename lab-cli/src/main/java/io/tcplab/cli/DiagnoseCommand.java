package io.tcplab.cli;

import io.tcplab.diagnose.Diagnosis;
import io.tcplab.diagnose.Look;
import io.tcplab.diagnose.SocketListing;
import io.tcplab.diagnose.sample.Target;
import io.tcplab.report.DiagnosisJson;
import io.tcplab.report.Html;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lab diagnose}. */
@Command(
        name = "diagnose",
        sortOptions = false,
        description = {
            "Finds out why a live process's sockets pile up, and names the mistake: how certain it is, the"
                    + " evidence, what to"
                    + " look at in the code, and the experiment that shows the same.",
            "It reads from the kernel (sock_diag, counters, /proc), attaches to nothing and changes nothing. Other"
                    + " users' processes need root."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:nothing is wrong",
            " 1:findings",
            " 2:inconclusive: the target ended, or this user may not see enough",
            "64:no such target"
        },
        footer = {
            "  lab diagnose --port 8080",
            "  sudo lab diagnose --pid 4711 --for 30s",
            "  lab diagnose --container shop-api --json -",
            "  lab diagnose --netns self --for 0s      one look at all sockets here"
        })
final class DiagnoseCommand extends ScreenCommand {
    /** Sockets in the page: a browser sorts these at once, and they are more than somebody reads. */
    private static final int LISTED = 1_000;

    @Mixin
    private final TargetOptions targets = new TargetOptions();

    @Option(
            names = "--for",
            paramLabel = "TIME",
            defaultValue = "10s",
            description =
                    "How long to observe (default: ${DEFAULT-VALUE}). Growth, closing sockets and busy threads take"
                            + " a while to"
                            + " see; 0s takes one look.")
    private String time = "10s";

    @Mixin
    private final ReportOptions reports = new ReportOptions();

    DiagnoseCommand(Screen screen) {
        super(screen);
    }

    @Override
    public Integer call() throws Exception {
        Target target = targets.target();
        Duration window = TargetSampling.duration("--for", time);
        reports.check();
        Look look = TargetSampling.sample(target, window, screen);
        Diagnosis diagnosis = Diagnosis.of(look);
        reports.write(
                () -> DiagnosisJson.of(diagnosis), to -> Html.write(diagnosis, SocketListing.of(look, LISTED), to));
        DiagnosisPage.print(diagnosis, reports.forText(screen));
        if (diagnosis.hasFindings()) {
            return ExitCode.REFUTED;
        }
        return diagnosis.conclusive() ? ExitCode.CONFIRMED : ExitCode.INCONCLUSIVE;
    }
}
