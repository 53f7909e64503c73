package io.tcplab.cli;

import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;

/** The commands as the man pages describe them: {@code packaging/ManPages.java} writes those for a release. */
public final class Manual {
    private static final int WIDTH = 80;

    private Manual() {}

    /** All of them, writing nowhere. */
    public static CommandLine commands() {
        PrintWriter nowhere = new PrintWriter(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        return Lab.commandLine(new Screen(nowhere, nowhere, false, false, Help.defaultColorScheme(Ansi.OFF), WIDTH));
    }
}
