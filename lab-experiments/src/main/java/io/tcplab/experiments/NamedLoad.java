package io.tcplab.experiments;

import io.tcplab.client.LoadReport;

/**
 * What a load of a run came to, by its generator's own bookkeeping.
 *
 * @param name what it did, in a few words: {@code 500 requests a second}
 */
public record NamedLoad(String name, LoadReport report) {}
