package io.tcplab.report;

import gg.jte.output.StringOutput;
import io.tcplab.experiments.ladder.Ladder;
import java.util.Map;

/** A ladder as a picture of its own: a file that any browser shows, in its light or dark mode, and that no script moves. */
public final class LadderSvg {
    private LadderSvg() {}

    /**
     * The picture.
     *
     * @param title whose connection it is
     */
    public static String of(Ladder ladder, String title) {
        StringOutput svg = new StringOutput();
        Html.render(
                "ladder.jte",
                Map.of(
                        "drawing",
                        LadderDrawing.of(ladder, title),
                        "style",
                        HtmlAssets.colours() + HtmlAssets.ladderStyle()),
                svg);
        return svg.toString();
    }
}
