package io.tcplab.client;

/**
 * What is said on a connection: what each request is, and where its answer ends. The {@link Load} says what is done with the
 * connection, so that each load can be put on each kind of server. A closed set of records, one file each.
 */
public sealed interface Exchange permits Echo, Http, Script {
    /** Itself in a few words, for a report: {@code echo} or {@code GET /hello}. */
    String label();

    /** What is sent, as part of a sentence: {@code sends GET /hello}. */
    String asks();

    /** What is awaited, as part of a sentence: {@code reads the response}. */
    String reads();

    /** Both. */
    default String words() {
        return asks() + " and " + reads();
    }
}
