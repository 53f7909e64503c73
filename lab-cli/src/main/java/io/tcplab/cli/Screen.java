package io.tcplab.cli;

import io.tcplab.report.Page;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.ColorScheme;

/**
 * Where a command writes: its result to {@code out}, all that is said about it to {@code err}.
 *
 * @param outIsTerminal whether a person reads the result as it comes
 * @param errIsTerminal whether progress may be redrawn in place
 * @param colours for the result; none where it isn't read at a terminal
 * @param width of the terminal in columns
 */
record Screen(
        PrintWriter out,
        PrintWriter err,
        boolean outIsTerminal,
        boolean errIsTerminal,
        ColorScheme colours,
        int width) {
    private static final int DEFAULT_WIDTH = 100;
    private static final int MIN_WIDTH = 80;
    private static final int MAX_WIDTH = 140;

    /** This process's standard streams. */
    static Screen standard() {
        boolean out = isTerminal(1);
        boolean err = isTerminal(2);
        return new Screen(
                writer(System.out, System.out.charset()),
                writer(System.err, System.err.charset()),
                out,
                err,
                colours(out),
                out || err ? askedWidth() : DEFAULT_WIDTH);
    }

    /** The same, with the results among the messages: for when standard output carries JSON. */
    Screen onlyErr() {
        return new Screen(err, err, errIsTerminal, errIsTerminal, colours(errIsTerminal), width);
    }

    /** The same, with the messages where the results are: for what is drawn in place. */
    Screen onlyOut() {
        return new Screen(out, out, outIsTerminal, outIsTerminal, colours, width);
    }

    /** A word in a style; whatever is in it, it isn't read as picocli's markup. */
    Text styled(String text, IStyle... styles) {
        return colours.apply(text, List.of(styles));
    }

    /** An empty page of its width, in its colours. */
    Page page() {
        return new Page(colours, width);
    }

    /** Prints results. */
    void print(Object page) {
        out.print(page);
        out.flush();
    }

    /** Prints what there is to choose from, each with what it means. */
    <T> void printTerms(List<T> all, Function<T, String> term, Function<T, String> meaning) {
        Page page = page();
        all.forEach(each -> page.term(term.apply(each), meaning.apply(each)));
        print(page);
    }

    /** Prints results as a table for a person, or as lines for another program. */
    void print(BiFunction<ColorScheme, Integer, String> table, Supplier<List<String>> lines) {
        if (outIsTerminal) {
            out.print(table.apply(colours, width));
        } else {
            lines.get().forEach(out::println);
        }
        out.flush();
    }

    private static ColorScheme colours(boolean terminal) {
        return Help.defaultColorScheme(terminal && wantsColour(System.getenv()) ? Ansi.ON : Ansi.OFF);
    }

    /** See no-color.org; a terminal that calls itself dumb has no colours either. */
    static boolean wantsColour(Map<String, String> environment) {
        return environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "").equals("dumb");
    }

    /** Java can only tell whether both input and output are terminals; the kernel tells for each. */
    private static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false; // closed, or no /proc: certainly nothing to draw on
        }
    }

    private static PrintWriter writer(PrintStream stream, Charset charset) {
        return new PrintWriter(new OutputStreamWriter(stream, charset), true);
    }

    private static int askedWidth() {
        return Math.clamp(TerminalWidth.ask().orElse(DEFAULT_WIDTH), MIN_WIDTH, MAX_WIDTH);
    }
}
