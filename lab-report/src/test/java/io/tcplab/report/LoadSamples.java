package io.tcplab.report;

import io.tcplab.client.LoadPlan;
import io.tcplab.client.ShortLived;
import java.net.InetSocketAddress;

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
}
