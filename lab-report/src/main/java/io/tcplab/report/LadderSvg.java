package io.tcplab.report;

import gg.jte.output.StringOutput;
import io.tcplab.experiments.ladder.Ladder;
import java.util.regex.Matcher;

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
        Html.render("ladder.jte", LadderDrawing.of(ladder, title), svg);
        String style = "<style>" + HtmlAssets.colours() + HtmlAssets.ladderStyle() + "</style>";
        return svg.toString().replaceFirst("<defs>", "<defs>" + Matcher.quoteReplacement(style));
    }
}
