package io.tcplab.cli;

import io.tcplab.experiments.catalogue.Claims;
import io.tcplab.experiments.cell.Sandbox;
import io.tcplab.experiments.claims.Claim;
import io.tcplab.experiments.claims.ClaimRuns;
import io.tcplab.experiments.run.PreparedRun;
import io.tcplab.report.ClaimsJson;
import io.tcplab.report.ClaimsReport;
import io.tcplab.report.Html;
import io.tcplab.report.KernelJson;
import io.tcplab.report.KernelTable;
import io.tcplab.report.Markdown;
import java.util.List;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code lab claims}. */
@Command(
        name = "claims",
        sortOptions = false,
        description =
                "Checks common statements about TCP on this machine's kernel: runs the experiments that decide each"
                        + " one.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:every claim is decided, except those that no available kernel can decide",
            " 2:a claim is undecided: evidence is missing or not available on this machine",
            "64:invalid request: a name, value or file is wrong",
            "130:interrupted (Ctrl-C); reports what was decided by then"
        },
        footer = {
            "  lab claims                    all of them; takes about as long as the longest experiment",
            "  lab claims 17 18 26           claims about how long TIME_WAIT lasts",
            "  lab claims --kernel host,6.1  the same on your production's kernel, side by side",
            "  lab explain 18                what supports a claim, and what contradicts it",
            "  lab claims --json - | jq -r '.claims[] | select(.verdict == \"false\") | .claim'"
        })
final class ClaimsCommand extends ScreenCommand {
    @Parameters(paramLabel = "NUMBER", description = "Claims, by number (default: all).", arity = "0..*")
    private List<Integer> numbers = List.of();

    @Mixin
    private final SysctlOptions sysctls = new SysctlOptions();

    @Mixin
    private final SandboxOption cells = new SandboxOption();

    @Mixin
    private final KernelOption kernels = new KernelOption();

    @Mixin
    private final OutOption out = new OutOption();

    @Mixin
    private final ReportOptions reports = new ReportOptions();

    @Mixin
    private final MarkdownOption markdown = new MarkdownOption();

    ClaimsCommand(Screen screen) {
        super(screen);
    }

    @Override
    public Integer call() throws Exception {
        Screen own = reports.forText(screen);
        List<Claim> claims = claims();
        Sandbox sandbox = cells.sandbox();
        if (kernels.isGiven()) {
            return onKernels(own, sandbox);
        }
        var byHost = sysctls.byHost(note -> own.err().println("lab: " + note));
        if (SandboxOption.isMissing(sandbox, own)) {
            return ExitCode.INCONCLUSIVE;
        }
        List<PreparedRun> runs = ClaimRuns.prepare(claims, sandbox, byHost);
        outputs().check();
        return new ClaimsSession(own, claims, sandbox, cells.jobs(sandbox)).run(runs, out.folder(), this::write);
    }

    private void write(ClaimsReport report) throws Exception {
        outputs().write(() -> ClaimsJson.of(report), to -> Html.write(report, to), to -> Markdown.write(report, to));
    }

    private int onKernels(Screen own, Sandbox sandbox) throws Exception {
        KernelOption.requireOwnCells(sandbox);
        outputs().check();
        KernelReports.Style style = new KernelReports.Style(
                "claims",
                KernelTable::ofClaims,
                (table, result) -> KernelJson.claims(table, result.interrupted()),
                Html::writeClaims,
                Markdown::writeClaims);
        return new KernelReports(own, kernels, out.folder(), style, outputs()).run();
    }

    private List<Claim> claims() {
        return numbers.isEmpty()
                ? Claims.all()
                : new TreeSet<>(numbers).stream().map(Claims::byNumber).toList();
    }

    private ReportOutputs outputs() {
        return new ReportOutputs(reports, markdown);
    }
}
