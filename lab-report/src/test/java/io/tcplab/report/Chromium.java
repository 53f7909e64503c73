package io.tcplab.report;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A real Chromium without a window, for each module that has pages. */
public final class Chromium implements AutoCloseable {
    /**
     * What it says to open requests when an address of the machine comes or goes, as when a test beside it makes a Docker network; the page then
     * asks again by itself.
     */
    private static final String NETWORK_CHANGED = "net::ERR_NETWORK_CHANGED";

    private final ChromeDriver driver;
    private final Path temporary;

    private Chromium(ChromeDriver driver, Path temporary) {
        this.driver = driver;
        this.temporary = temporary;
    }

    /**
     * Starts it.
     *
     * @param resolverRules which names it may resolve, as its --host-resolver-rules has it
     */
    public static Chromium start(String resolverRules) {
        Path temporary = newFolder();
        LoggingPreferences all = new LoggingPreferences();
        all.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary("/usr/bin/chromium");
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--host-resolver-rules=" + resolverRules);
        options.setCapability("goog:loggingPrefs", all);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(new File("/usr/bin/chromedriver"))
                .withEnvironment(Map.of("TMPDIR", temporary.toString()))
                .build();
        return new Chromium(new ChromeDriver(service, options), temporary);
    }

    /** What drives it. */
    public ChromeDriver driver() {
        return driver;
    }

    /** What its page complained of since it was asked last, and not because the machine's network changed. */
    public List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::toString)
                .filter(complaint -> !complaint.contains(NETWORK_CHANGED))
                .toList();
    }

    /** Ends it. It leaves its lock behind, the more so when it is killed. */
    @Override
    public void close() {
        driver.quit();
        deleteTree();
    }

    /** Selenium's own FileHandler leaves links that lead nowhere, as this lock is one. */
    private void deleteTree() {
        try (Stream<Path> all = Files.walk(temporary)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException | UncheckedIOException e) {
            // One of its processes is ending, and does the same.
        }
    }

    private static Path newFolder() {
        try {
            return Files.createTempDirectory("chromium-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
