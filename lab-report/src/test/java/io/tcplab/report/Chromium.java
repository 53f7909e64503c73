package io.tcplab.report;

import java.io.File;
import java.util.List;
import java.util.logging.Level;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A real Chromium without a window, for each module that has pages. */
public final class Chromium {
    /**
     * What it says to open requests when an address of the machine comes or goes, as when a test beside it makes a Docker network; the page then
     * asks again by itself.
     */
    private static final String NETWORK_CHANGED = "net::ERR_NETWORK_CHANGED";

    private Chromium() {}

    /**
     * Starts it.
     *
     * @param resolverRules which names it may resolve, as its --host-resolver-rules has it
     */
    public static ChromeDriver start(String resolverRules) {
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
                .build();
        return new ChromeDriver(service, options);
    }

    /** What its page complained of since it was asked last, and not because the machine's network changed. */
    public static List<String> complaints(ChromeDriver driver) {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::toString)
                .filter(complaint -> !complaint.contains(NETWORK_CHANGED))
                .toList();
    }
}
