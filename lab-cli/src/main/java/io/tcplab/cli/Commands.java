package io.tcplab.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import picocli.AutoComplete;
import picocli.CommandLine;

/**
 * The commands of {@code lab}, each made when it is needed. picocli reads all annotations of a command when it is added, and doing that for
 * all of them takes more processor time than everything else that {@code lab list} does.
 */
final class Commands {
    private final Map<String, Function<Screen, Object>> makers = new LinkedHashMap<>();

    Commands() {
        makers.put("doctor", DoctorCommand::new);
        makers.put("list", ListCommand::new);
        makers.put("explain", ExplainCommand::new);
        makers.put("run", RunCommand::new);
        makers.put("compare", CompareCommand::new);
        makers.put("claims", ClaimsCommand::new);
        makers.put("results", ResultsCommand::commandLine);
        makers.put("sysctl", SysctlCommand::commandLine);
        makers.put("kernels", KernelsCommand::new);
        makers.put("diagnose", DiagnoseCommand::new);
        makers.put("check", CheckCommand::new);
        makers.put("watch", WatchCommand::new);
        makers.put("serve", ServeCommand::new);
        makers.put("server", ServerCommand::new);
        makers.put("client", ClientCommand::new);
        makers.put("storm", StormCommand::new);
        makers.put("agent", screen -> new AgentCommand());
    }

    /** Adds the one that was typed, or all of them where something else was: the help, a completion, or an unknown word. */
    void addTo(CommandLine lab, Screen screen, List<String> typed) {
        Optional<String> only = only(typed);
        makers.forEach((name, maker) -> {
            if (only.isEmpty() || only.get().equals(name)) {
                lab.addSubcommand(name, maker.apply(screen));
            }
        });
        if (only.isEmpty()) {
            lab.addSubcommand(new CommandLine.HelpCommand()).addSubcommand(new AutoComplete.GenerateCompletion());
        }
    }

    /** Of the options before a command, each of the others shows something of all commands. */
    private Optional<String> only(List<String> typed) {
        return typed.stream().dropWhile("--stacktrace"::equals).findFirst().filter(makers::containsKey);
    }
}
