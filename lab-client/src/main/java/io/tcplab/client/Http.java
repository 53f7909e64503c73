package io.tcplab.client;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Sends an HTTP/1.1 request and reads the whole response (RFC 9112). A status of 4xx or 5xx fails the operation, as
 * {@code HTTP 503}; all others complete it. Redirects aren't followed: a load that did would be spread over servers that
 * nobody named.
 *
 * <p>The connection stays open unless the server closes it, so that the load decides; only where the server is to close
 * first ({@link ShortLived.Closer#SERVER}) the last request says {@code Connection: close}.
 *
 * @param path the request target: from {@code /}, or {@code *}
 * @param headers in addition to Host, User-Agent and Accept, or instead of them
 * @param body may be empty
 */
public record Http(String method, String path, List<Header> headers, ByteBuffer body) implements Exchange {
    private static final Pattern REQUEST = Pattern.compile("(\\S+) +(\\S+)(?: +HTTP/1\\.1)?");
    private static final Pattern HEADER = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \\t]*([ -~\\t]*)");
    private static final Pattern METHOD = Pattern.compile("[A-Z][A-Z-]*");
    private static final Pattern PATH = Pattern.compile("/[!-~]*|\\*");
    private static final String EXAMPLE = "write it as 'GET /path'";

    /** Which of these is sent isn't the user's choice: the load and the body decide it. */
    private static final Set<String> OURS = Set.of("connection", "content-length", "transfer-encoding");

    /** A line of a request's head. */
    public record Header(String name, String value) {
        /**
         * Reads {@code Name: value}.
         *
         * @throws IllegalArgumentException saying what is wrong with it
         */
        public static Header parse(String text) {
            Matcher header = HEADER.matcher(text);
            if (!header.matches()) {
                throw new IllegalArgumentException(
                        "\"" + text + "\" is no header; write it as 'Name: value', in ASCII");
            }
            String name = header.group(1);
            if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException(name + " can't be set: the load and the body decide it");
            }
            return new Header(name, header.group(2).strip());
        }
    }

    public Http {
        headers = List.copyOf(headers);
        body = body.asReadOnlyBuffer();
    }

    /**
     * Reads {@code GET /path}.
     *
     * @throws IllegalArgumentException saying what is wrong with it and how it should be
     */
    public static Http parse(String text) {
        Matcher request = REQUEST.matcher(text.strip());
        if (!request.matches()) {
            throw bad(
                    text,
                    text.strip().startsWith("/")
                            ? "the method is missing; " + EXAMPLE
                            : "expected a method and a path; " + EXAMPLE + ", with %20 for a space in the path");
        }
        requireMethod(text, request.group(1));
        requirePath(text, request.group(2));
        return new Http(request.group(1), request.group(2), List.of(), ByteBuffer.allocate(0));
    }

    /** The same with one more header. */
    public Http withHeader(Header header) {
        return new Http(
                method, path, Stream.concat(headers.stream(), Stream.of(header)).toList(), body);
    }

    /** The same with this body. */
    public Http withBody(ByteBuffer body) {
        return new Http(method, path, headers, body);
    }

    @Override
    public String label() {
        return method + " " + path;
    }

    @Override
    public String asks() {
        return "sends " + label();
    }

    @Override
    public String reads() {
        return "reads the response";
    }

    private static void requireMethod(String text, String method) {
        if (!METHOD.matcher(method).matches()) {
            String upper = method.toUpperCase(Locale.ROOT);
            throw bad(text, METHOD.matcher(upper).matches() ? "write the method as " + upper : "no method; " + EXAMPLE);
        }
        if (method.equals("CONNECT")) {
            throw bad(text, "CONNECT opens a tunnel, which this client has no use for");
        }
    }

    private static void requirePath(String text, String path) {
        if (path.contains("://")) {
            throw bad(text, "give the host by --target, and only the path here, such as 'GET /path'");
        }
        if (!PATH.matcher(path).matches()) {
            throw bad(
                    text,
                    path.startsWith("/")
                            ? "the path has a character that isn't ASCII; write it as %XX"
                            : "the path must start with /; " + EXAMPLE);
        }
    }

    private static IllegalArgumentException bad(String text, String problem) {
        return new IllegalArgumentException("\"" + text + "\": " + problem);
    }
}
