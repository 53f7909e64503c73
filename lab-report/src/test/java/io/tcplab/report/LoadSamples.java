package io.tcplab.report;

import io.tcplab.client.Failures;
import io.tcplab.client.LoadPlan;
import io.tcplab.client.LoadReport;
import io.tcplab.client.ShortLived;
import java.net.InetSocketAddress;
import java.util.Map;

/** What {@link Samples#load()} reports on. */
final class LoadSamples {
    private LoadSamples() {}

    static LoadPlan plan() {
        return LoadPlan.of(
                        new ShortLived(),
                        new InetSocketAddress("192.0.2.7", 9000),
                        new InetSocketAddress("2001:db8::7", 9000))
                .withRate(600.5);
    }

    /** With answers and failures of HTTP and TLS. */
    static LoadReport http() {
        LoadReport echo = Samples.load();
        return new LoadReport(
                echo.intended(),
                echo.waiting(),
                echo.delayed(),
                echo.connected(),
                echo.completed(),
                Map.of("HTTP 503", 440L, Failures.PLAIN_TEXT, 10L),
                Map.of("HTTP 200", 900L, "HTTP 301", 100L, "HTTP 503", 440L),
                echo.givenUp(),
                echo.bytesSent(),
                echo.bytesReceived(),
                echo.bytesBeforeReset(),
                echo.connectLatency(),
                echo.completionLatency(),
                echo.lag(),
                echo.elapsed());
    }
}
