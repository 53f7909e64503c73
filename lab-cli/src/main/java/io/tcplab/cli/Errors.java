package io.tcplab.cli;

import io.tcplab.experiments.UsageException;
import io.tcplab.kernel.Nearest;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what went wrong and what to do next, and picks the exit code. */
final class Errors implements IParameterExceptionHandler, IExecutionExceptionHandler {
    private final Lab lab;

    Errors(Lab lab) {
        this.lab = lab;
    }

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(
                "lab: " + (e instanceof UnmatchedArgumentException unmatched ? unknown(unmatched) : e.getMessage()));
        err.println("`" + command.getCommandSpec().qualifiedName() + " --help` tells what there is.");
        return ExitCode.USAGE;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        return switch (e) {
            case UsageException usage -> {
                err.println("lab: " + usage.getMessage());
                printStackTrace(usage, err, false);
                yield ExitCode.USAGE;
            }
            case InterruptedException interrupted -> {
                err.println("lab: interrupted");
                yield ExitCode.INTERRUPTED;
            }
            default -> {
                err.println("lab: internal error: " + root(e));
                printStackTrace(e, err, true);
                yield ExitCode.INTERNAL;
            }
        };
    }

    private static String unknown(UnmatchedArgumentException e) {
        String first = e.getUnmatched().getFirst();
        CommandSpec command = e.getCommandLine().getCommandSpec();
        if (first.startsWith("-")) {
            return "%s has no option %s%s"
                    .formatted(
                            command.qualifiedName(),
                            first,
                            Nearest.hint(first, command.optionsMap().keySet()));
        }
        return command.subcommands().isEmpty()
                ? "%s doesn't take %s".formatted(command.qualifiedName(), first)
                : "there is no command %s%s"
                        .formatted(
                                first, Nearest.hint(first, command.subcommands().keySet()));
    }

    /** What broke first; what was thrown on its account only tells where. */
    private static Throwable root(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private void printStackTrace(Exception e, PrintWriter err, boolean offer) {
        if (lab.wantsStacktrace()) {
            e.printStackTrace(err);
        } else if (offer) {
            err.println("This is a mistake in the lab. Run it again with --stacktrace to see where.");
        }
    }
}
