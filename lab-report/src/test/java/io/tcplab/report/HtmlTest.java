package io.tcplab.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.experiments.NamedLoad;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.Verdict;
import io.tcplab.experiments.catalogue.Catalogue;
import io.tcplab.experiments.claims.ClaimResult;
import io.tcplab.experiments.run.ArmFigures;
import io.tcplab.experiments.run.RunResult;
import io.tcplab.experiments.run.Timeline;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** Pages as a person sees them: in a browser that reaches nothing. */
@Tag("slow")
class HtmlTest {
    private static final String HOSTILE =
            "<img src=x onerror=\"document.title='taken over'\"><script>document.title='taken over'</script>\u0007\u202e&amp;";

    /** As a reader sees it; Selenium drops what no browser draws. */
    private static final String SHOWN = HOSTILE.replace('\u0007', '\u2407').replace("\u202e", "[U+202E]");

    private static final int PHONE = 500; // the narrowest that headless Chromium makes its window

    @SuppressWarnings("NullAway.Init")
    private static Browser browser;

    @TempDir
    private Path folder = Path.of("");

    @BeforeAll
    static void start() {
        browser = Browser.start();
    }

    @AfterAll
    static void stop() {
        browser.close();
    }

    @Test
    void eachReportIsWholeAndFitsAPhoneInLightAndDark() throws IOException {
        for (Map.Entry<String, ResultsFolder.Content> page : pages().entrySet()) {
            open(page.getKey(), page.getValue());
            for (String scheme : List.of("light", "dark")) {
                browser.resize(PHONE, 900).prefer(scheme);
                assertThat((boolean) browser.js("document.documentElement.scrollWidth <= innerWidth"))
                        .as("%s fits", page.getKey())
                        .isTrue();
            }
            assertThat(browser.one("h1").getText()).as(page.getKey()).isNotBlank();
            assertThat(browser.complaints()).as(page.getKey()).isEmpty();
        }
        Object dark = browser.js("getComputedStyle(document.body).backgroundColor");
        browser.prefer("light");
        assertThat(browser.js("getComputedStyle(document.body).backgroundColor"))
                .isNotEqualTo(dark);
    }

    @Test
    void asksNothingOfAnyNetwork() throws IOException {
        for (ResultsFolder.Content page : pages().values()) {
            assertThat(Written.text(page))
                    .contains("default-src 'none'")
                    .doesNotContainPattern("(src|href)=[\"']?(https?:)?//")
                    .doesNotContain("@import", "url(");
        }
    }

    @Test
    void drawsBothHostsOverTimeWithTheSteps() throws IOException {
        RunResult run = Samples.confirmed();
        open("run", to -> Html.write(report(List.of(run)), to));
        assertThat(browser.all("canvas")).hasSize(2);
        assertThat(
                        (boolean)
                                browser.js(
                                        "[...document.querySelectorAll('canvas')].every(canvas =>"
                                                + " canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(part => part))"))
                .isTrue();
        assertThat(browser.one(".steps").getText()).contains("the peers close");
        assertThat(browser.one("figcaption").getText())
                .contains("client, fault: ESTABLISHED up to 250, FIN_WAIT_2 up to 500")
                .contains("server, fault: ESTABLISHED up to 250, CLOSE_WAIT up to 500");
    }

    @Test
    void aTracedRunHasItsLadderWhichCanBeSteppedThrough() throws IOException {
        open(
                "traced",
                to -> Html.write(
                        report(List.of(Samples.confirmed())), run -> Optional.of(LadderSamples.eventful()), to));
        List<WebElement> segments = browser.all("svg.ladder .segment");
        assertThat(segments).hasSizeGreaterThan(5);
        assertThat(browser.all("svg.ladder .segment.lost .cross")).hasSize(1);
        assertThat(browser.all("svg.ladder .segment.late")).hasSize(1);
        segments.getFirst().click();
        segments.getFirst().sendKeys(Keys.ARROW_DOWN);
        assertThat(browser.one("figure.picture output").getText())
                .startsWith("2 of " + segments.size() + ": ")
                .contains("server to client: SYN ACK seq 0 ack 1");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void aLadderIsAPictureOfItsOwn() throws IOException {
        Path file = Files.writeString(
                folder.resolve("ladder.svg"), LadderSvg.of(LadderSamples.eventful(), "a <b>name</b>"));
        browser.resize(1000, 1000).open(file);
        assertThat(browser.all(".segment")).isNotEmpty();
        assertThat(browser.one(".title").getText()).startsWith("a <b>name</b>: 10.0.0.1:40000");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void aRunOfManyOpensWhereItsLinkLeads() throws IOException {
        open("runs", to -> Html.write(Samples.report(), to));
        assertThat(browser.all("canvas")).isEmpty();
        assertThat(browser.all(".verdict").getFirst().getText()).isEqualTo(Verdict.REFUTED.label());
        browser.one("a[href='#close-wait-leak']").click();
        assertThat(browser.one("#close-wait-leak").getAttribute("open")).isNotNull();
        assertThat(browser.all("canvas")).hasSize(2);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void eachRowOfManyRunsShowsItsSocketsInTheStatesColoursAndInWords() throws IOException {
        open("runs", to -> Html.write(Samples.report(), to));
        WebElement chart = browser.one("tr[data-opens='close-wait-leak'] svg.sparks");
        assertThat(chart.getAttribute("role")).isEqualTo("img");
        assertThat(chart.getAccessibleName()).contains("server, fault: ESTABLISHED up to 250, CLOSE_WAIT up to 500");
        browser.prefer("light");
        WebElement leak = chart.findElement(By.cssSelector(".close-wait"));
        String light = leak.getCssValue("fill");
        assertThat(light).isEqualTo(browser.one(".legend .close-wait").getCssValue("fill"));
        browser.prefer("dark");
        assertThat(leak.getCssValue("fill")).isNotEqualTo(light);
        browser.prefer("light");
        assertThat(browser.all("tr[data-opens='time-wait-storm'] svg")).isEmpty(); // nothing was seen

        chart.click();
        assertThat(browser.one("#close-wait-leak").getAttribute("open")).isNotNull();
        assertThat(browser.one("#close-wait-leak").getText()).contains("Counters that moved", "How long the load took");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void socketsSortByEachOfTheirColumns() throws IOException {
        open("sockets", to -> Html.write(DiagnosisSamples.diagnosis(), DiagnosisSamples.sockets(), to));
        assertThat(browser.one("#sockets summary").getText())
                .isEqualTo(
                        "Sockets at the last look: 12 of 12,345, some of each state, those with the fullest queues and the longest silence first");
        assertThat(sortedBy("state")).startsWith("CLOSE_WAIT").endsWith("LISTEN");
        assertThat(sortedBy("owner")).startsWith("4711 (nginx)").endsWith("unowned");
        assertThat(sortedBy("Recv-Q")).startsWith("2", "500", "1,000").endsWith("5,500");
        assertThat(sortedBy("silent, s")).startsWith("1.5", "3.0").endsWith("16.5", "-");
        assertThat(sortedBy("peer"))
                .startsWith("-", "10.0.0.1:1023", "10.0.0.2:1022")
                .endsWith("10.0.0.11:1013");
    }

    /** What stands in a column of the sockets, once its heading was clicked. */
    private static List<String> sortedBy(String heading) {
        List<WebElement> headings = browser.all("#sockets th");
        int column = headings.stream().map(WebElement::getText).toList().indexOf(heading);
        headings.get(column).findElement(By.cssSelector("button")).click();
        return browser.all("#sockets tbody td:nth-child(%d)".formatted(column + 1)).stream()
                .map(WebElement::getText)
                .toList();
    }

    @Test
    void thePageOfTheWholeCatalogueIsSmallEnoughToSend() throws IOException {
        List<RunResult> all = Catalogue.all().stream()
                .map(experiment -> CatalogueSamples.busy(experiment, HOSTILE))
                .toList();
        assertThat(all).hasSizeGreaterThanOrEqualTo(35);
        String page = Written.text(to -> Html.write(report(all), to));
        assertThat(page.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(1_500_000);
    }

    @Test
    void tablesSortAndFilter() throws IOException {
        ClaimsReport claims = ClaimsSamples.report();
        List<ClaimResult> many = new ArrayList<>();
        Collections.addAll(many, claims.claims().toArray(ClaimResult[]::new));
        while (many.size() < 12) {
            many.addAll(claims.claims());
        }
        ClaimsReport longer =
                new ClaimsReport(claims.kernelRelease(), claims.sandbox(), claims.interrupted(), many, claims.runs());
        open("claims", to -> Html.write(longer, to));
        browser.all("th button").getFirst().click();
        List<Integer> numbers = column("tbody tr td:first-child");
        assertThat(numbers).isSorted();
        browser.all("th button").getFirst().click();
        assertThat(column("tbody tr td:first-child")).isSortedAccordingTo(Collections.reverseOrder());

        browser.one("input[type=search]").sendKeys(Integer.toString(numbers.getLast()));
        assertThat(browser.all("table.sortable").getFirst().findElements(By.cssSelector("tbody tr")))
                .filteredOn(WebElement::isDisplayed)
                .isNotEmpty()
                .hasSizeLessThan(many.size());
    }

    @Test
    void whatAHostBroughtIsTextAndNeverMarkup() throws IOException {
        RunResult run = Samples.confirmed();
        RunResult hostile = new RunResult(
                "close-wait-leak",
                1,
                Verdict.REFUTED,
                HOSTILE,
                1,
                Map.of("connections", HOSTILE),
                run.sysctls(),
                run.expectations(),
                run.measurements(),
                new ArmFigures(
                        new Timeline(run.fault().timeline().samples(), List.of(new Timeline.Step(0.5, HOSTILE))),
                        Map.of(Role.CLIENT, Map.of(HOSTILE, 1L)),
                        List.of(new NamedLoad(HOSTILE, Samples.load()))),
                ArmFigures.none());
        open("hostile", to -> Html.write(report(List.of(hostile)), to));
        assertThat((String) browser.js("document.title")).isEqualTo("TCP Lab: 1 refuted");
        assertNothingTookOver();
        assertThat(browser.one("details p").getText()).contains(SHOWN);
        assertThat(browser.one(".steps").getText()).contains("<img src=x onerror=");
        assertThat(browser.one("details").getText()).contains(SHOWN);

        open("hostile-runs", to -> Html.write(report(List.of(hostile, Samples.inconclusive())), to));
        assertNothingTookOver();
        assertThat(browser.one("tr[data-opens='close-wait-leak']").getText()).contains(SHOWN);
    }

    @Test
    void whatAProcessIsCalledIsTextAndNeverMarkup() throws IOException {
        open("hostile-sockets", to -> Html.write(DiagnosisSamples.diagnosis(), DiagnosisSamples.sockets(HOSTILE), to));
        assertNothingTookOver();
        assertThat(sortedBy("owner")).contains(SHOWN);
    }

    private static void assertNothingTookOver() {
        assertThat((String) browser.js("document.title")).isNotEqualTo("taken over");
        assertThat(browser.all("main img, main script")).isEmpty();
        assertThat(browser.complaints()).isEmpty();
    }

    private static Map<String, ResultsFolder.Content> pages() {
        return Map.of(
                "run", to -> Html.write(Samples.report(), to),
                "claims", to -> Html.write(ClaimsSamples.report(), to),
                "compare", to -> Html.write(CompareSamples.report(), to),
                "load", to -> Html.write(LoadSamples.plan(), Samples.load(), to),
                "diagnosis", to -> Html.write(DiagnosisSamples.diagnosis(), DiagnosisSamples.sockets(), to),
                "kernels' runs", to -> Html.writeRuns(KernelSamples.runs(), to),
                "kernels' claims", to -> Html.writeClaims(KernelSamples.claims(), to));
    }

    private static RunReport report(List<RunResult> runs) {
        return new RunReport("6.18.44", "namespaces", 7, false, false, runs);
    }

    private static List<Integer> column(String selector) {
        return browser.all("table.sortable").getFirst().findElements(By.cssSelector(selector)).stream()
                .map(cell -> Integer.parseInt(cell.getText()))
                .toList();
    }

    private void open(String name, ResultsFolder.Content page) throws IOException {
        Path file = folder.resolve(name + ".html");
        try (Writer to = Files.newBufferedWriter(file)) {
            page.write(to);
        }
        browser.resize(1200, 1000).open(file);
    }
}
