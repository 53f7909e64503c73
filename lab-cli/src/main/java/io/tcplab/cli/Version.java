package io.tcplab.cli;

import io.tcplab.kernel.limits.KernelRelease;
import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** {@code lab --version}: the lab's, the JDK's and the kernel's, since all three decide what is seen. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {
            "lab " + own(),
            "JDK " + Runtime.version(),
            "Linux " + KernelRelease.current().text()
        };
    }

    /** From the jar's manifest; there is none when the classes are run from a folder. */
    private static String own() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("(not packaged)");
    }
}
