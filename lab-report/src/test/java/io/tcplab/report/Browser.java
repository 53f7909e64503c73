package io.tcplab.report;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;

/** A real Chromium without a window and without a network. */
final class Browser implements AutoCloseable {
    private final Chromium chromium;
    private final ChromeDriver driver;

    private Browser(Chromium chromium) {
        this.chromium = chromium;
        this.driver = chromium.driver();
    }

    static Browser start() {
        return new Browser(Chromium.start("MAP * ~NOTFOUND"));
    }

    Browser open(Path page) {
        driver.get(page.toUri().toString());
        return this;
    }

    Browser resize(int width, int height) {
        driver.manage().window().setSize(new Dimension(width, height));
        return this;
    }

    void prefer(String scheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** What the page complained of since it was asked last. */
    List<String> complaints() {
        return chromium.complaints();
    }

    Object js(String script) {
        return Objects.requireNonNull(driver.executeScript("return " + script), script);
    }

    List<WebElement> all(String selector) {
        return driver.findElements(By.cssSelector(selector));
    }

    WebElement one(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    @Override
    public void close() {
        chromium.close();
    }
}
