package io.tcplab.client;

/** Which load goes with which exchange: some would wait for what can't come. */
final class Fit {
    private Fit() {}

    /** Throws {@link IllegalArgumentException} saying why a plan of these can't be run, and what can. */
    static void require(Load load, Exchange exchange, int payloadBytes, boolean tls) {
        requireTls(load, tls);
        switch (exchange) {
            case Echo it ->
                require(
                        payloadBytes > 0 || !waits(load),
                        "payloadBytes: is 0, but " + load.spec() + " waits for an answer");
            case Http it ->
                require(
                        !(load instanceof HalfClose),
                        "half-close can't carry HTTP: servers may take the client's FIN for its departure; take short-lived");
            case Script it -> requireAnswers(load, it.expect());
        }
    }

    private static void requireTls(Load load, boolean tls) {
        boolean half = load instanceof HalfClose || load instanceof Hold;
        require(!tls || !half, load.name() + " has no TLS: it rests on half-closed connections, which TLS ends");
    }

    private static void requireAnswers(Load load, Expect expect) {
        boolean close = expect instanceof Expect.Close;
        switch (load) {
            case KeepAlive it -> require(!close, onlyOnce(load));
            case ShortLived it -> require(!close || it.requests() == 1, onlyOnce(load));
            case Abort it ->
                require(
                        !close || it.after() == Abort.Moment.SEND,
                        load.spec() + " would reset a connection that the server has closed; expect something else");
            case HalfClose it ->
                require(close, "half-close reads until the server closes, so it can only expect " + Expect.Close.NAME);
            case GiveUpAfter it -> {}
            case Hold it -> {}
        }
    }

    private static String onlyOnce(Load load) {
        return load.spec() + " asks again on the same connection, which isn't there after an answer that ends with "
                + Expect.Close.NAME + "; take short-lived";
    }

    private static boolean waits(Load load) {
        return switch (load) {
            case ShortLived it -> it.requests() > 1;
            case Abort it -> it.after() == Abort.Moment.ECHO;
            case KeepAlive it -> true;
            case GiveUpAfter it -> true;
            case Hold it -> false;
            case HalfClose it -> false;
        };
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new IllegalArgumentException(problem);
        }
    }
}
