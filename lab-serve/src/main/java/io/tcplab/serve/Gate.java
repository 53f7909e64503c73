package io.tcplab.serve;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.CookieHeaderNames;
import io.netty.handler.codec.http.cookie.DefaultCookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import io.netty.handler.codec.http.cookie.ServerCookieEncoder;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who may come in. A page of another site must not read or start anything here, even if its name suddenly resolves to this address
 * (DNS rebinding) or a browser sends a request for it.
 */
final class Gate {
    /** In the URL. */
    static final String PARAMETER = "token";

    private static final String BEARER = "Bearer ";
    private static final String LOCALHOST = "localhost";

    private final Token token;
    private final InetSocketAddress bound;

    Gate(Token token, InetSocketAddress bound) {
        this.token = token;
        this.bound = bound;
    }

    /** Why a request is refused; empty if it may come in. */
    Optional<String> refusal(HttpRequest request) {
        List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
        if (hosts.size() != 1 || !isOwn(hosts.getFirst())) {
            return Optional.of("wrong Host header: use the URL that lab serve printed");
        }
        if (!hasOwnOrigin(request, hosts.getFirst())) {
            return Optional.of("wrong Origin header: requests of other sites are refused");
        }
        if (offered(request).noneMatch(token::matches)) {
            return Optional.of("wrong or missing token: use the URL that lab serve printed");
        }
        return Optional.empty();
    }

    /** The cookie that has the token from now on, so that the address needn't. */
    String cookie() {
        DefaultCookie cookie = new DefaultCookie(cookieName(), token.text());
        cookie.setHttpOnly(true);
        cookie.setPath("/");
        cookie.setSameSite(CookieHeaderNames.SameSite.Strict);
        return ServerCookieEncoder.STRICT.encode(cookie);
    }

    /** Browsers don't keep the cookies of ports apart, so their names do. */
    private String cookieName() {
        return "lab-" + bound.getPort();
    }

    /** Whether the token is in the URL. */
    boolean hasTokenInUrl(HttpRequest request) {
        return inUrl(request).anyMatch(token::matches);
    }

    private Stream<String> offered(HttpRequest request) {
        return Stream.of(inUrl(request), inCookies(request.headers()), inHeader(request.headers()))
                .flatMap(each -> each);
    }

    private static Stream<String> inUrl(HttpRequest request) {
        return new QueryStringDecoder(request.uri()).parameters().getOrDefault(PARAMETER, List.of()).stream();
    }

    private Stream<String> inCookies(HttpHeaders headers) {
        return headers.getAll(HttpHeaderNames.COOKIE).stream()
                .flatMap(header -> ServerCookieDecoder.STRICT.decode(header).stream())
                .filter(cookie -> cookie.name().equals(cookieName()))
                .map(Cookie::value);
    }

    private static Stream<String> inHeader(HttpHeaders headers) {
        return headers.getAll(HttpHeaderNames.AUTHORIZATION).stream()
                .filter(value -> value.startsWith(BEARER))
                .map(value -> value.substring(BEARER.length()));
    }

    /** What changes something must say that it comes from this page; what doesn't may leave it out. */
    private static boolean hasOwnOrigin(HttpRequest request, String host) {
        List<String> origins = request.headers().getAll(HttpHeaderNames.ORIGIN);
        boolean own = origins.equals(List.of("http://" + host));
        return own || (origins.isEmpty() && request.method().equals(HttpMethod.GET));
    }

    /**
     * An address, or localhost: a name may lead anywhere. Any port, so that the page can be seen through {@code ssh -L}.
     */
    private boolean isOwn(String host) {
        String name = withoutPort(host);
        if (name.equalsIgnoreCase(LOCALHOST)) {
            return true;
        }
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(name);
        if (address == null) {
            return false;
        }
        return address.isLoopbackAddress()
                || bound.getAddress().isAnyLocalAddress()
                || bound.getAddress().equals(address);
    }

    private static String withoutPort(String host) {
        if (host.startsWith("[")) {
            int end = host.indexOf(']');
            return end < 0 ? host : host.substring(1, end);
        }
        int colon = host.indexOf(':');
        return colon < 0 ? host : host.substring(0, colon);
    }
}
