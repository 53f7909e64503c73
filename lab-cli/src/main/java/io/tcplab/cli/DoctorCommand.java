package io.tcplab.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;

/** {@code lab doctor}. */
@Command(
        name = "doctor",
        description = "Checks what this machine can do for this user, what is missing, and how to fix it.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:`run --all` can be confirmed", "2:it can't; lists what is missing"},
        footer = {"  lab doctor", "  sudo lab doctor         the same for root"})
final class DoctorCommand extends ScreenCommand {
    DoctorCommand(Screen screen) {
        super(screen);
    }

    @Override
    public Integer call() throws InterruptedException {
        MachineChecks machine = new MachineChecks();
        List<Check> checks = new ArrayList<>(machine.all());
        boolean userMissing =
                checks.stream().anyMatch(check -> check.what().equals("user") && check.state() == Check.State.MISSING);
        if (!userMissing) {
            checks.addAll(machine.mayMakeNamespaces() ? CellChecks.all() : CellChecksProcess.all());
        }
        checks.forEach(this::print);
        screen.out().flush(); // a container takes its time
        EngineChecks.all().forEach(this::print);
        KernelChecks.all().forEach(this::print);
        boolean able = checks.stream().noneMatch(check -> check.state() == Check.State.MISSING);
        screen.out()
                .println(able ? "`lab run --all` can be confirmed here." : "`lab run --all` can't be confirmed here.");
        return able ? ExitCode.CONFIRMED : ExitCode.INCONCLUSIVE;
    }

    private void print(Check check) {
        String state = screen.styled("%-8s".formatted(label(check.state())), colour(check.state()))
                .toString();
        screen.out().println(state + "%-12s".formatted(check.what()) + check.found());
        if (!check.remedy().isEmpty()) {
            screen.out().println(" ".repeat(20) + "-> " + check.remedy());
        }
    }

    private static String label(Check.State state) {
        return switch (state) {
            case OK -> "ok";
            case LIMITED -> "limited";
            case MISSING -> "missing";
        };
    }

    private static IStyle colour(Check.State state) {
        return switch (state) {
            case OK -> Style.fg_green;
            case LIMITED -> Style.fg_yellow;
            case MISSING -> Style.fg_red;
        };
    }
}
