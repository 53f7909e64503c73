package io.tcplab.report;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.tcplab.client.LoadPlan;
import io.tcplab.client.LoadReport;
import io.tcplab.diagnose.Diagnosis;
import io.tcplab.diagnose.SocketListing;
import io.tcplab.experiments.ladder.Ladder;
import io.tcplab.experiments.run.RunResult;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reports as one HTML file each, which asks nothing of any network: style, script and data are in it. What a host or a peer brought is text in
 * it, never markup: the templates escape it.
 */
public final class Html {
    private Html() {}

    /** Writes what {@code lab run} came to, and flushes; doesn't close. */
    public static void write(RunReport report, Writer to) throws IOException {
        write(report, run -> Optional.empty(), to);
    }

    /** The same with a picture of one connection of those runs that followed one. */
    public static void write(RunReport report, Function<RunResult, Optional<Ladder>> ladders, Writer to)
            throws IOException {
        write(RunPage.of(report, ladders), to);
    }

    /** Writes what {@code lab claims} came to, and flushes; doesn't close. */
    public static void write(ClaimsReport report, Writer to) throws IOException {
        List<Block> blocks = new ArrayList<>(ClaimsBlocks.of(report));
        blocks.add(new Block.Heading(2, "The runs"));
        blocks.addAll(RunPage.folds(report.asRuns(), run -> Optional.empty()));
        write(blocks, to);
    }

    /** Writes what {@code lab compare} came to, and flushes; doesn't close. */
    public static void write(CompareReport report, Writer to) throws IOException {
        write(CompareBlocks.withDots(report), to);
    }

    /** Writes what {@code lab client} came to, and flushes; doesn't close. */
    public static void write(LoadPlan plan, LoadReport report, Writer to) throws IOException {
        write(LoadBlocks.of(plan, report), to);
    }

    /** Writes what {@code lab diagnose} came to, with the sockets that it looked at, and flushes; doesn't close. */
    public static void write(Diagnosis diagnosis, SocketListing sockets, Writer to) throws IOException {
        write(DiagnosisBlocks.of(diagnosis, sockets), to);
    }

    /** Writes what {@code lab run} came to on several kernels, and flushes; doesn't close. */
    public static void writeRuns(KernelTable table, Writer to) throws IOException {
        write(KernelBlocks.ofRuns(table), to);
    }

    /** Writes what {@code lab claims} came to on several kernels, and flushes; doesn't close. */
    public static void writeClaims(KernelTable table, Writer to) throws IOException {
        write(KernelBlocks.ofClaims(table), to);
    }

    /** Renders a template, its parameters by name. */
    static void render(String template, Map<String, Object> parameters, StringOutput to) {
        Templates.ENGINE.render(template, parameters, to);
    }

    private static void write(List<Block> blocks, Writer to) throws IOException {
        boolean plots = blocks.stream().anyMatch(Html::hasPlot);
        String title = blocks.getFirst() instanceof Block.Heading heading ? heading.text() : "TCP Lab";
        StringOutput html = new StringOutput();
        render(
                "page.jte",
                Map.of(
                        "page",
                        new HtmlPage(
                                title,
                                blocks,
                                HtmlAssets.style() + HtmlAssets.ladderStyle() + (plots ? HtmlAssets.plotStyle() : ""),
                                (plots ? HtmlAssets.plotScript() : "") + HtmlAssets.script())),
                html);
        to.write(html.toString());
        to.flush();
    }

    private static boolean hasPlot(Block block) {
        return switch (block) {
            case Block.States states -> true;
            case Block.Fold fold -> fold.blocks().stream().anyMatch(Html::hasPlot);
            default -> false;
        };
    }

    /** Made for the first page: commands that write none needn't wait for the library. */
    private static final class Templates {
        static final TemplateEngine ENGINE = TemplateEngine.createPrecompiled(
                null, ContentType.Html, Html.class.getClassLoader(), Html.class.getPackageName());
    }
}
