package io.tcplab.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** What the pages that people look at have in common: the report's, and the live one. */
public final class HtmlAssets {
    /** uPlot, MIT licence, from its WebJar. */
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

    private HtmlAssets() {}

    /** CSS: the colours of light and dark, among them one for each TCP state ({@code --state-close-wait}). */
    public static String colours() {
        return read("colours.css");
    }

    /** CSS of a ladder's picture. */
    static String ladderStyle() {
        return read("ladder.css");
    }

    /** CSS: light and dark, a colour for each TCP state ({@code --state-close-wait}), tables, verdicts, print. */
    public static String style() {
        return colours() + read("report.css");
    }

    /** CSS of uPlot. */
    public static String plotStyle() {
        return read(UPLOT + "uPlot.min.css");
    }

    /** uPlot itself, which defines {@code uPlot}. */
    public static String plotScript() {
        return read(UPLOT + "uPlot.iife.min.js");
    }

    /** Draws the charts of a page, sorts and filters its tables. */
    static String script() {
        return read("report.js");
    }

    private static String read(String name) {
        try (InputStream file = HtmlAssets.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(file, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
