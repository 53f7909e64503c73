package io.tcplab.serve;

import io.tcplab.report.Chromium;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;

/** A real Chromium without a window, that reaches this host only. */
final class Browser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Chromium chromium;
    private final ChromeDriver driver;

    private Browser(Chromium chromium) {
        this.chromium = chromium;
        this.driver = chromium.driver();
    }

    static Browser start() {
        Browser browser = new Browser(Chromium.start("MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"));
        browser.driver.manage().window().setSize(new Dimension(1400, 1300));
        return browser;
    }

    /** What the page before complained of is forgotten: it may have outlived its server, and goes on asking for it. */
    Browser open(String url) {
        driver.get("about:blank");
        complaints();
        driver.get(url);
        return this;
    }

    void reload() {
        driver.navigate().refresh();
    }

    String address() {
        return String.valueOf(driver.getCurrentUrl());
    }

    WebElement one(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    String text(String selector) {
        return one(selector).getText();
    }

    /** Waits until an element's text matches, which frames may replace at any time. */
    String await(String selector, String regex) {
        return Awaitility.await(selector + ": " + regex)
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(StaleElementReferenceException.class)
                .until(() -> text(selector), text -> text.matches("(?s)" + regex));
    }

    String js(String script) {
        return String.valueOf(driver.executeScript("return " + script));
    }

    /** What the page complained of since it was asked last. */
    List<String> complaints() {
        return chromium.complaints();
    }

    /** Keeps a picture where the system property lab.pictures names a folder, for people to look at. */
    void picture(String name) throws IOException {
        String folder = System.getProperty("lab.pictures");
        if (folder != null) {
            Files.write(Path.of(folder, name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
        }
    }

    @Override
    public void close() {
        chromium.close();
    }
}
