package io.tcplab.serve;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/** The page's files, from the class path. */
final class Assets {
    private static final String CHARTS = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
    private static final String HTML = "text/html; charset=utf-8";
    private static final String CSS = "text/css; charset=utf-8";
    private static final String SCRIPT = "text/javascript; charset=utf-8";

    private static final Map<String, Asset> FILES = Map.of(
            "/", new Asset("page.html", HTML),
            "/icon.svg", new Asset("icon.svg", "image/svg+xml"),
            "/page.css", new Asset("page.css", CSS),
            "/page.js", new Asset("page.js", SCRIPT),
            "/diagram.js", new Asset("diagram.js", SCRIPT),
            "/charts.js", new Asset("charts.js", SCRIPT),
            "/uplot.js", new Asset(CHARTS + "uPlot.iife.min.js", SCRIPT),
            "/uplot.css", new Asset(CHARTS + "uPlot.min.css", CSS));

    private Assets() {}

    /** A file of the page. */
    record Asset(String resource, String type) {
        byte[] bytes() {
            try (InputStream in = Assets.class.getResourceAsStream(resource)) {
                if (in == null) {
                    throw new IllegalStateException("the program lacks its own file " + resource);
                }
                return in.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** What is at that path, if anything is. */
    static Optional<Asset> at(String path) {
        return Optional.ofNullable(FILES.get(path));
    }
}
