package io.tcplab.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.diagnose.sample.Target;
import io.tcplab.experiments.cell.Cell;
import io.tcplab.experiments.cell.CellPlan;
import io.tcplab.experiments.cell.Sandbox;
import io.tcplab.experiments.cell.Sandboxes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As a user sees it, in a real browser. */
@Tag("slow")
class LivePageTest {
    private static final String VERDICT = "#verdict";
    private static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir
    private Path temporary = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private static Browser browser;

    @BeforeAll
    static void open() {
        browser = Browser.start();
    }

    @AfterAll
    static void close() {
        browser.close();
    }

    @Test
    void anExperimentIsChosenStartedAndWatchedToItsVerdict() throws Exception {
        try (LivePage page = experiments()) {
            browser.open(page.url());
            begin(browser, "close-wait-leak", "connections", "200");
            browser.await("[data-state=CLOSE_WAIT]", "CLOSE_WAIT\\s+200");
            browser.await("[data-state=FIN_WAIT_2]", "FIN_WAIT_2\\s+200");
            browser.picture("running");
            assertThat(browser.address()).doesNotContain("token");
            browser.reload();
            browser.await("[data-state=CLOSE_WAIT]", "CLOSE_WAIT\\s+200");
            browser.await(VERDICT, "close-wait-leak: confirmed");
            assertThat(browser.text("#expectations")).contains("every connection is in CLOSE_WAIT");
            browser.await("#results", ".*" + Pattern.quote(temporary.toString()) + ".*"); // written after the verdict
            browser.one("#views button[data-arm=control]").click();
            browser.await("[data-state=CLOSE_WAIT]", "CLOSE_WAIT\\s*");
            browser.picture("ended");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void aStormMovesAlongTheEdges() throws Exception {
        try (LivePage page = experiments()) {
            browser.open(page.url());
            begin(browser, "time-wait-storm", "", "");
            browser.await("[data-edge='ESTABLISHED FIN_WAIT_1']", ".*[\\d,.]+/s.*");
            browser.await("[data-edge='CLOSE_WAIT LAST_ACK']", ".*[\\d,.]+/s.*");
            browser.await("[data-state=TIME_WAIT]", "TIME_WAIT\\s+[\\d,]{4,}");
            browser.picture("storm");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void twoBrowsersSeeTheSameAndTwoLabsDoNotMix() throws Exception {
        try (LivePage one = experiments();
                LivePage other = experiments();
                Browser second = Browser.start()) {
            browser.open(one.url());
            second.open(one.url());
            begin(browser, "close-wait-leak", "connections", "150");
            second.await("[data-state=CLOSE_WAIT]", "CLOSE_WAIT\\s+150");
            second.open(other.url());
            begin(second, "half-close", "", "");
            browser.await(VERDICT, "close-wait-leak: confirmed");
            second.await(VERDICT, "half-close: confirmed");
            second.open(one.url().replaceAll("\\?.*", ""));
            second.await(VERDICT, "close-wait-leak: confirmed");
            assertThat(browser.complaints()).isEmpty();
            assertThat(second.complaints()).isEmpty();
        }
    }

    @Test
    void itIsStoppedOnThePageAndMayBeStartedAgain() {
        try (LivePage page = experiments()) {
            browser.open(page.url());
            begin(browser, "close-wait-leak", "fin-timeout", "60"); // so that it hasn't ended by then
            browser.await("[data-state=CLOSE_WAIT]", "CLOSE_WAIT\\s+500");
            browser.await(VERDICT, "close-wait-leak: running");
            browser.one("#stop").click();
            browser.await(VERDICT, "close-wait-leak: ended");
            assertThat(browser.text("#reason")).isEqualTo("stopped before its end");
            begin(browser, "three-way-handshake", "", "");
            browser.await(VERDICT, "three-way-handshake: confirmed");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void aMistakeIsShownAsText() {
        try (LivePage page = experiments()) {
            browser.open(page.url());
            begin(browser, "close-wait-leak", "connections", "<img src=x onerror=alert(1)>");
            browser.await("#error", ".*knob connections=<img src=x onerror=alert\\(1\\)>: must be a whole number.*");
            assertThat(browser.js("document.querySelectorAll('#error img').length"))
                    .isEqualTo("0");
        }
        browser.complaints(); // the refused request is one, as it should be
    }

    @Test
    void aLiveTargetsLeakShowsAsAFinding() throws Exception {
        List<Socket> open = new ArrayList<>();
        try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                LivePage page = start(Optional.of(new Target.OnPort(listener.getLocalPort())))) {
            browser.open(page.url());
            browser.await("[data-state=LISTEN]", "LISTEN\\s+1");
            for (int i = 0; i < 5; i++) {
                Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
                Socket server = listener.accept();
                open.add(server);
                client.close();
                assertThat(server.getInputStream().read()).isEqualTo(-1);
            }
            browser.await("[data-state=CLOSE_WAIT]", "CLOSE_WAIT\\s+5");
            browser.await("#findings", ".*eof-read-not-closed.*");
            browser.picture("target");
            assertThat(browser.complaints()).isEmpty();
        } finally {
            for (Socket each : open) {
                each.close();
            }
        }
    }

    @Test
    void aLiveTargetsConnectionsMoveAlongTheEdges() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                LivePage page = start(Optional.of(new Target.OnPort(listener.getLocalPort())))) {
            Thread traffic = Thread.ofPlatform().daemon().start(() -> connectUntil(enough, listener));
            browser.open(page.url());
            browser.await("[data-edge='ESTABLISHED CLOSE_WAIT']", ".*[\\d,.]+/s.*");
            browser.await("[data-edge='LISTEN SYN_RECV']", ".*[\\d,.]+/s.*");
            browser.await("[data-edge='LAST_ACK END']", ".*[\\d,.]+/s.*");
            assertThat(browser.text("#note")).startsWith("edges by tracepoint; ");
            enough.set(true);
            traffic.join();
            assertThat(browser.complaints()).isEmpty();
        }
    }

    /** One after the other; the client closes first. */
    private static void connectUntil(AtomicBoolean enough, ServerSocket listener) {
        while (!enough.get()) {
            try (Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
                    Socket server = listener.accept()) {
                client.shutdownOutput();
                assertThat(server.getInputStream().read()).isEqualTo(-1);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void whatForbidsExperimentsIsOnThePage() {
        try (LivePage page = LivePage.start(LOOPBACK, Optional.empty(), new NoSandbox(), temporary)) {
            browser.open(page.url());
            browser.await("#unavailable", "Experiments can’t run here: cells are out of stock: order some.*");
            browser.one("#start").click();
            browser.await("#error", ".*cells are out of stock.*");
        }
        browser.complaints(); // the refused request is one, as it should be
    }

    /** None at all. */
    private static final class NoSandbox implements Sandbox {
        @Override
        public String name() {
            return "none";
        }

        @Override
        public Optional<String> unavailable() {
            return Optional.of("cells are out of stock: order some");
        }

        @Override
        public Optional<String> obstacle(CellPlan plan) {
            return unavailable();
        }

        @Override
        public Cell open(CellPlan plan) {
            throw new IllegalStateException("there is none");
        }
    }

    @Test
    void whatStrangersSayIsText() throws Exception {
        String hostile = "<script>document.title='owned'</script>\u202e\u0007<b>x";
        try (LivePage page = experiments()) {
            browser.open(page.url());
            browser.await("#connection", "live");
            // In one go: the next real frame takes the place of this one.
            String shown =
                    browser.js(("(() => { frame = {atMillis: 1, hosts: [{arm: 'target', host: 'target', states: {},"
                                    + " edges: [], edgesBy: 'census', edgesNote: H}], target: {label: H, rates: {[H]: 1},"
                                    + " findings: [{cause: H, title: H, state: H, certainty: H, advice: H, experiment: H}],"
                                    + " limits: [H], lookMillis: 1, problem: H}}; draw(true);"
                                    + " return document.querySelectorAll('main script, main b').length + ' '"
                                    + " + document.getElementById('target-label').textContent; })()")
                            .replaceAll("\\bH\\b", Matcher.quoteReplacement(LiveJson.text(hostile))));
            assertThat(shown).isEqualTo("0 " + hostile);
            assertThat(browser.js("document.title")).isEqualTo("TCP Lab, live");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    private LivePage experiments() {
        return start(Optional.empty());
    }

    private LivePage start(Optional<Target> target) {
        return LivePage.start(LOOPBACK, target, Sandboxes.byName("namespaces"), temporary);
    }

    private static void begin(Browser browser, String experiment, String knob, String value) {
        browser.await("#connection", "live");
        browser.js("(() => { const name = document.getElementById('name'); name.value = '" + experiment
                + "'; name.dispatchEvent(new Event('change')); })()");
        if (!knob.isEmpty()) {
            browser.one("#knob-" + knob).sendKeys(value);
        }
        browser.one("#start").click();
    }
}
