package io.tcplab.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** A command that prints to a screen, and how each one's help is laid out. */
@Command(
        mixinStandardHelpOptions = true,
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        commandListHeading = "%nCommands:%n",
        footerHeading = "%nExamples:%n")
abstract class ScreenCommand implements Callable<Integer> {
    final Screen screen;

    ScreenCommand(Screen screen) {
        this.screen = screen;
    }
}
