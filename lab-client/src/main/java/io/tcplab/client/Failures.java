package io.tcplab.client;

import io.netty.handler.ssl.NotSslRecordException;
import io.tcplab.transport.Errnos;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * What an operation's failure is called: by errno where the kernel reported one, else by what went wrong in TLS. The JDK says
 * much of that only in the text of a {@link javax.net.ssl.SSLException}.
 */
public final class Failures {
    /** The server answered something that is no TLS record. */
    public static final String PLAIN_TEXT = "TLS answered in plain text";

    /** The server closed, without an alert, before the handshake was done. */
    public static final String CLOSED = "TLS closed in the handshake";

    /** The server sent nothing, or not enough, until the load's end. */
    public static final String UNANSWERED = "TLS handshake unanswered";

    /** No trusted CA has signed the server's certificate. */
    public static final String NOT_TRUSTED = "TLS certificate not trusted";

    /** The server's certificate is for other hosts. */
    public static final String OTHER_NAME = "TLS certificate for another name";

    /** The server's certificate, or one of its CAs', is no longer valid. */
    public static final String EXPIRED = "TLS certificate expired";

    private static final String NOT_YET_VALID = "TLS certificate not yet valid";

    /** {@code sun.security.ssl.TransportContext.fatal}, which names the alert as RFC 8446, section 6, does. */
    private static final Pattern ALERT = Pattern.compile("Received fatal alert: (\\w+)");

    /** {@code sun.security.util.HostnameChecker}. */
    private static final Pattern NAME = Pattern.compile("No (subject alternative|name matching)");

    private Failures() {}

    /** Of any failure on a connection. */
    static String nameOf(Throwable failure) {
        List<Throwable> causes = causes(failure);
        boolean tls = Errnos.find(failure).isEmpty() && causes.stream().anyMatch(SSLException.class::isInstance);
        return tls ? tls(causes) : Errnos.nameOf(failure);
    }

    /** Of a handshake that didn't succeed. */
    static String ofHandshake(Throwable failure) {
        List<Throwable> causes = causes(failure);
        if (Errnos.find(failure).isPresent()) {
            return Errnos.nameOf(failure);
        }
        return causes.stream().anyMatch(ClosedChannelException.class::isInstance) ? CLOSED : tls(causes);
    }

    private static String tls(List<Throwable> causes) {
        return causes.stream()
                .map(Failures::one)
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElseGet(() -> "TLS error (" + causes.getFirst().getClass().getSimpleName() + ")");
    }

    /** The innermost cause comes first: it is the most exact. */
    private static List<Throwable> causes(Throwable failure) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            causes.addFirst(cause);
        }
        return causes;
    }

    private static String one(Throwable cause) {
        String text = String.valueOf(cause.getMessage());
        Matcher alert = ALERT.matcher(text);
        if (alert.find()) {
            return "TLS refused (" + alert.group(1) + ")";
        }
        return switch (cause) {
            case NotSslRecordException plain -> PLAIN_TEXT;
            case CertificateExpiredException expired -> EXPIRED;
            case CertificateNotYetValidException early -> NOT_YET_VALID;
            case CertificateException certificate -> NAME.matcher(text).find() ? OTHER_NAME : NOT_TRUSTED;
            case CertPathBuilderException path -> NOT_TRUSTED;
            case CertPathValidatorException path -> NOT_TRUSTED;
            case SSLException closed -> text.contains("closed while") ? CLOSED : "";
            default -> "";
        };
    }
}
