package io.tcplab.cli;

import io.tcplab.client.Tls;
import io.tcplab.experiments.UsageException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --tls}, and which certificates it trusts. */
final class TlsOptions {
    @Option(
            names = "--tls",
            description =
                    "Speak TLS. The server's certificate must be signed by a CA that Java trusts, for the name given"
                            + " with --target.")
    private boolean wanted;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "With --tls: trust these certificates (PEM) and no others, such as a self-signed one.")
    private @Nullable Path authority;

    @Option(names = "--insecure", description = "With --tls: trust every certificate, for every name.")
    private boolean insecure;

    /** Null without {@code --tls}. */
    @Nullable
    Tls tls() {
        if (!wanted) {
            if (authority != null || insecure) {
                throw new UsageException((insecure ? "--insecure" : "--ca") + " needs --tls");
            }
            return null;
        }
        if (authority != null && insecure) {
            throw new UsageException("--ca and --insecure exclude each other: give one of them");
        }
        if (insecure) {
            return Tls.trustingAll();
        }
        return authority == null ? Tls.trustingTheUsual() : trusting(new InputFile("--ca", authority));
    }

    private static Tls trusting(InputFile file) {
        try {
            return Tls.trusting(file.path().toString(), file.bytes());
        } catch (IllegalArgumentException e) {
            throw new UsageException("--ca " + e.getMessage(), e);
        }
    }
}
