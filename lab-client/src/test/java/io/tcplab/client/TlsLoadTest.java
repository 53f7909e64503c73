package io.tcplab.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.tcplab.transport.Transport;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** TLS against the JDK's own sockets: it works, or fails by the right name. */
@ParameterizedClass
@EnumSource(Transport.class)
class TlsLoadTest extends ClientFixture {
    private static final int COUNT = 20;

    private final X509Bundle authority = certificate(it -> it.subject("CN=Test CA"));

    TlsLoadTest(Transport transport) {
        super(transport);
    }

    @Test
    void aTrustedServerIsSpokenTo() {
        Peer peer = secure(issued(it -> it.addSanDnsName("localhost")), Peer.echo());
        LoadReport report = run(times(COUNT, plan(new ShortLived(), peer)).withTls(trusting()));
        assertThat(report.failures()).isEmpty();
        assertThat(report.completed()).isEqualTo(COUNT);
        assertThat(report.bytesSent()).as("of the payload").isEqualTo(COUNT * 64);
        assertThat(report.bytesReceived()).isEqualTo(COUNT * 64);
        until(() -> peer.served() == COUNT, peer::failures);
    }

    @Test
    void keepAliveShakesHandsOnce() {
        Peer peer = secure(issued(it -> it.addSanDnsName("localhost")), Peer.echo());
        LoadReport report = run(times(10 * COUNT, plan(new KeepAlive(2), peer)).withTls(trusting()));
        assertThat(report.completed()).isEqualTo(10 * COUNT);
        assertThat(report.connected()).isEqualTo(2);
    }

    @Test
    void aLargePayloadGoesThroughInRecords() {
        Peer peer = secure(issued(it -> it.addSanDnsName("localhost")), Peer.echo());
        LoadReport report = run(times(3, plan(new ShortLived(2, ShortLived.Closer.CLIENT), peer))
                .withPayloadBytes(500_000)
                .withTls(trusting()));
        assertThat(report.failures()).isEmpty();
        assertThat(report.bytesReceived()).isEqualTo(3_000_000);
    }

    @Test
    void aSelfSignedServerIsTrustedByItsOwnCertificate() {
        X509Bundle own = certificate(it -> it.subject("CN=x").addSanDnsName("localhost"));
        Peer peer = secure(own, Peer.echo());
        LoadPlan plan = times(COUNT, plan(new ShortLived(), peer));
        assertFailed(plan.withTls(trusting()), Failures.NOT_TRUSTED);
        assertThat(run(plan.withTls(trusting(own))).completed()).isEqualTo(COUNT);
        assertThat(run(plan.withTls(Tls.trustingAll())).completed()).isEqualTo(COUNT);
    }

    @Test
    void aCaThatJavaDoesNotHave() {
        Peer peer = secure(issued(it -> it.addSanDnsName("localhost")), Peer.echo());
        assertFailed(times(COUNT, plan(new ShortLived(), peer)).withTls(Tls.trustingTheUsual()), Failures.NOT_TRUSTED);
    }

    @Test
    void aCertificateForAnotherHost() {
        Peer peer = secure(issued(it -> it.addSanDnsName("example.net")), Peer.echo());
        LoadPlan plan = times(COUNT, plan(new ShortLived(), peer));
        assertFailed(plan.withTls(trusting()), Failures.OTHER_NAME);
        assertThat(run(plan.withTls(Tls.trustingAll())).completed()).isEqualTo(COUNT);
    }

    @Test
    void aCertificateThatHasExpired() {
        Instant now = Instant.now();
        X509Bundle old = issued(it -> it.addSanDnsName("localhost")
                .notBefore(now.minus(Duration.ofDays(3)))
                .notAfter(now.minus(Duration.ofDays(1))));
        assertFailed(
                times(COUNT, plan(new ShortLived(), secure(old, Peer.echo()))).withTls(trusting()), Failures.EXPIRED);
    }

    @Test
    void aServerWithoutTls() {
        Peer peer = peer(connection -> {
            connection.getInputStream().read();
            connection.getOutputStream().write("HTTP/1.1 400 Bad\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        });
        assertFailed(times(COUNT, plan(new ShortLived(), peer)).withTls(trusting()), Failures.PLAIN_TEXT);
    }

    @Test
    void aServerThatClosesInTheHandshake() {
        // After the ClientHello is read: an unread one would make the kernel send RST.
        Peer peer = peer(connection -> {
            byte[] header = connection.getInputStream().readNBytes(5);
            connection.getInputStream().readNBytes((header[3] & 0xff) << 8 | (header[4] & 0xff));
        });
        assertFailed(times(COUNT, plan(new ShortLived(), peer)).withTls(trusting()), Failures.CLOSED);
    }

    @Test
    void aServerThatSaysNothing() {
        LoadPlan plan =
                times(COUNT, plan(new ShortLived(), peer(Peer.silence()))).withDrain(Duration.ofMillis(100));
        assertFailed(plan.withTls(trusting()), Failures.UNANSWERED);
    }

    @Test
    void aServerThatWantsACertificate() {
        Peer peer = secure(
                issued(it -> it.addSanDnsName("localhost")), socket -> socket.setNeedClientAuth(true), Peer.echo());
        LoadReport report = run(times(COUNT, plan(new ShortLived(), peer)).withTls(trusting()));
        assertThat(report.failed()).isEqualTo(COUNT);
        assertThat(report.failures()).containsKey("TLS refused (certificate_required)");
    }

    @Test
    void aServerThatHasNoCipherInCommon() {
        Peer peer = secure(
                issued(it -> it.addSanDnsName("localhost")),
                socket -> {
                    socket.setEnabledProtocols(new String[] {"TLSv1.2"});
                    // For an RSA key, which it doesn't have.
                    socket.setEnabledCipherSuites(new String[] {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"});
                },
                Peer.echo());
        assertFailed(times(COUNT, plan(new ShortLived(), peer)).withTls(trusting()), "TLS refused (handshake_failure)");
    }

    @Test
    void aFileWithoutACertificate() {
        assertThatThrownBy(() -> Tls.trusting("ca.pem", ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ca.pem has no certificate");
        assertThatThrownBy(() -> Tls.trusting("ca.pem", ByteBuffer.allocate(0)))
                .hasMessageContaining("ca.pem has no certificate");
    }

    private void assertFailed(LoadPlan plan, String name) {
        LoadReport report = run(plan);
        assertThat(report.failures()).isEqualTo(Map.of(name, (long) COUNT));
        assertThat(report.connected()).isEqualTo(COUNT);
        assertThat(report.inFlight()).isZero();
    }

    private Tls trusting() {
        return trusting(authority);
    }

    private static Tls trusting(X509Bundle bundle) {
        return Tls.trusting("ca.pem", ByteBuffer.wrap(bundle.getCertificatePEM().getBytes(StandardCharsets.US_ASCII)));
    }

    private Peer secure(X509Bundle certificate, Peer.Conduct conduct) {
        return secure(certificate, socket -> {}, conduct);
    }

    private Peer secure(X509Bundle certificate, Consumer<SSLSocket> settings, Peer.Conduct conduct) {
        SSLContext context = context(certificate);
        return peer(connection -> {
            try (SSLSocket socket = server(context, connection)) {
                settings.accept(socket);
                conduct.serve(socket);
            }
        });
    }

    private static SSLSocket server(SSLContext context, Socket connection) throws IOException {
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(connection, null, connection.getPort(), true);
        socket.setUseClientMode(false);
        return socket;
    }

    private static SSLContext context(X509Bundle certificate) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManager[] keys = certificate.toKeyManagerFactory().getKeyManagers();
            context.init(keys, null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private X509Bundle issued(Consumer<CertificateBuilder> settings) {
        try {
            CertificateBuilder builder =
                    new CertificateBuilder().subject("CN=server").ecp256();
            settings.accept(builder);
            return builder.buildIssuedBy(authority);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static X509Bundle certificate(Consumer<CertificateBuilder> settings) {
        try {
            CertificateBuilder builder = new CertificateBuilder().ecp256().setIsCertificateAuthority(true);
            settings.accept(builder);
            return builder.buildSelfSigned();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
