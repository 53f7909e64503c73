package io.tcplab.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;

/** The command line within this process, for what needs no cell. */
record Invocation(int code, String out, String err) {
    static Invocation of(String... command) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Screen screen = new Screen(
                new PrintWriter(out), new PrintWriter(err), false, false, Help.defaultColorScheme(Ansi.OFF), 100);
        int code = Lab.commandLine(screen, command).execute(command);
        return new Invocation(code, out.toString(), err.toString());
    }
}
