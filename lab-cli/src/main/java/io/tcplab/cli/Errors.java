package io.tcplab.cli;

import io.tcplab.diagnose.sample.TargetException;
import io.tcplab.experiments.UsageException;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.Nearest;
import java.io.PrintWriter;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
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
        err.println("lab: " + words(e));
        err.println("`" + command.getCommandSpec().qualifiedName() + " --help` shows the usage.");
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
            case KernelException refused -> {
                err.println("lab: " + refused.getMessage());
                printStackTrace(refused, err, false);
                yield ExitCode.INCONCLUSIVE;
            }
            case TargetException target -> {
                err.println("lab: " + target.getMessage());
                printStackTrace(target, err, false);
                yield switch (target.reason()) {
                    case ABSENT -> ExitCode.USAGE;
                    case DENIED -> ExitCode.INCONCLUSIVE;
                };
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

    private static String words(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched) {
            return unknown(unmatched);
        }
        // picocli's own words name the Java type.
        return e.getArgSpec() instanceof OptionSpec option && e.getValue() != null
                ? "%s %s: expected %s".formatted(option.longestName(), e.getValue(), expected(option))
                : String.valueOf(e.getMessage());
    }

    private static String expected(OptionSpec option) {
        return option.typeInfo().isMap() ? option.paramLabel() : "a whole number";
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
        if (command.subcommands().isEmpty()) {
            return "%s doesn't take %s".formatted(command.qualifiedName(), first);
        }
        Set<String> commands = command.subcommands().keySet();
        String hint = Nearest.hint(first, commands);
        return "unknown command %s%s"
                .formatted(first, hint.isEmpty() ? "; the commands are " + String.join(", ", commands) : hint);
    }

    /** The first failure; exceptions thrown because of it only show where. */
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
            err.println("This is a bug in the lab. Run it again with --stacktrace to see where.");
        }
    }
}
