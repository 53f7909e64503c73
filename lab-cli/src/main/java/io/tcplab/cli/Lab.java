package io.tcplab.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program {@code lab} and its commands. */
@Command(
        name = "lab",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Reproduces stuck TCP connections on real sockets, and uses the Linux kernel's evidence to"
                + " show what happened.",
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:all confirmed",
            " 1:refuted, findings, or a broken threshold",
            " 2:inconclusive: evidence is missing or not available on this machine",
            "64:invalid request: a name, value or file is wrong",
            "70:internal error",
            "130:interrupted (Ctrl-C); reports what had finished"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  lab doctor                    does this machine have all it needs?",
            "  lab run --all                 every experiment, each with its control",
            "  lab compare time-wait-duration --sysctl net.ipv4.tcp_fin_timeout=5,60",
            "                                what does this setting really do?",
            "  lab claims                    common claims about TCP, checked on this kernel",
            "  lab claims --kernel host,6.1  the same on your production's kernel, side by side",
            "  lab diagnose --port 8080      why does that server's CLOSE_WAIT pile up?",
            "  lab explain close-wait-leak   what happens, and how to fix it",
            "  lab help run                  options of a command"
        })
final class Lab implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--stacktrace",
            scope = ScopeType.INHERIT,
            description = "Show the stack trace of an internal error (so does LAB_DEBUG=1).")
    private boolean stacktrace;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }

    boolean wantsStacktrace() {
        return stacktrace || System.getenv("LAB_DEBUG") != null;
    }

    /**
     * The command line, writing to that screen.
     *
     * @param typed what it will execute; without, it has all commands
     */
    static CommandLine commandLine(Screen screen, String... typed) {
        Lab lab = new Lab();
        Errors errors = new Errors(lab);
        CommandLine commands = new CommandLine(lab);
        new Commands().addTo(commands, screen, List.of(typed));
        return commands.setOut(screen.out())
                .setErr(screen.err())
                .setColorScheme(screen.colours())
                .setUsageHelpWidth(screen.width())
                .setParameterExceptionHandler(errors)
                .setExecutionExceptionHandler(errors);
    }
}
