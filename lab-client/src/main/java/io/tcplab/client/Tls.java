package io.tcplab.client;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.ByteArrayInputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS on each connection, by the JDK's engine: 1.3, or 1.2 where the server has no other. It is ready when it is made, so that
 * a bad certificate shows before a load starts.
 *
 * <p>As other clients do, it resumes sessions: only the first handshakes with a server are full ones, unless the server
 * keeps no sessions.
 */
public final class Tls {
    private final SslContext context;

    private Tls(SslContext context) {
        this.context = context;
    }

    /** Trusts the CAs that the JDK has, and checks the host's name. */
    public static Tls trustingTheUsual() {
        return new Tls(build(SslContextBuilder.forClient()));
    }

    /**
     * Trusts these certificates and no others, and checks the host's name.
     *
     * @param name of the file they are from, for messages
     * @param file one or more certificates as PEM, or one as DER
     * @throws IllegalArgumentException when there is none in it
     */
    public static Tls trusting(String name, ByteBuffer file) {
        byte[] bytes = new byte[file.remaining()];
        file.duplicate().get(bytes);
        return new Tls(build(SslContextBuilder.forClient().trustManager(certificates(name, bytes))));
    }

    /** Trusts every certificate, for any name. */
    public static Tls trustingAll() {
        return new Tls(build(SslContextBuilder.forClient()
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .endpointIdentificationAlgorithm(null)));
    }

    /** For one connection. It waits as long as it takes, like every other step of a load. */
    SslHandler handler(ByteBufAllocator allocator, InetSocketAddress target) {
        SslHandler handler = context.newHandler(allocator, target.getHostString(), target.getPort());
        handler.setHandshakeTimeoutMillis(0);
        return handler;
    }

    /** Begins a handshake with nobody. */
    void rehearse() {
        EmbeddedChannel channel = new EmbeddedChannel(context.newHandler(ByteBufAllocator.DEFAULT));
        channel.finishAndReleaseAll();
    }

    private static X509Certificate[] certificates(String name, byte[] bytes) {
        try {
            Collection<X509Certificate> found =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(bytes))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (found.isEmpty()) {
                throw noCertificate(name, null);
            }
            return found.toArray(X509Certificate[]::new);
        } catch (CertificateException e) {
            throw noCertificate(name, e);
        }
    }

    private static IllegalArgumentException noCertificate(String name, @Nullable Throwable cause) {
        return new IllegalArgumentException(
                name + " has no certificate; give a PEM file with -----BEGIN CERTIFICATE-----", cause);
    }

    private static SslContext build(SslContextBuilder builder) {
        try {
            return builder.sslProvider(SslProvider.JDK).build();
        } catch (SSLException e) {
            throw new IllegalStateException("this JDK can't speak TLS: " + e.getMessage(), e);
        }
    }
}
