package io.tcplab.transport.http;

import java.time.Duration;

/**
 * How much is served.
 *
 * @param known connections that were let in, at a time; the next one can be told so
 * @param strangers connections that weren't, at a time; the next one takes the place of the oldest
 * @param patience within that a request must be there and its answer be taken
 */
public record HttpBounds(int known, int strangers, Duration patience) {
    /** Of a request's first line, in bytes. */
    static final int LONGEST_LINE = 2048;

    /** Of a request's headers, in bytes. */
    static final int LARGEST_HEADERS = 8192;

    /**
     * Some browsers with some windows each, or a scraper. There is more room for strangers than they need: so that a flood, of which a loop
     * accepts some dozens before it reads, doesn't take the place of somebody whose request has come with it.
     */
    public static HttpBounds standard() {
        return new HttpBounds(64, 256, Duration.ofSeconds(15));
    }
}
