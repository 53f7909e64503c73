package io.tcplab.suite;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What {@code scripts/test} starts when all is built. */
@Command(
        name = "scripts/test",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description = "Runs the tests of all modules, or of some, in parallel.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:all passed", "1:a test failed, was skipped or didn't end", "64:usage"})
final class Suite implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int USAGE = 64;

    /** Of a module whose JVM came to no report. The whole is in the log. */
    private static final int LOG_LINES = 60;

    /** Of one failed test: its message, and where it was thrown. */
    private static final int FAILURE_LINES = 40;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(
            paramLabel = "MODULE|CLASS",
            description = "Modules (lab-kernel) or test classes (FailuresTest, Docker*); default: all.")
    private List<String> wanted = new ArrayList<>();

    @Option(names = "--quick", description = "Leave out tests tagged slow or docker.")
    private boolean quick;

    @Option(names = "--no-docker", description = "Leave out tests tagged docker, which need containers.")
    private boolean noDocker;

    @Option(
            names = "--kernels",
            description = "Also run tests tagged kernels: the whole catalogue on another kernel, in an emulated guest.")
    private boolean kernels;

    @Option(
            names = "--soak",
            paramLabel = "N",
            description = "Run everything N times, each time in another order, and list the tests whose result varied.")
    private int soak = 1;

    @Option(names = "--spin", description = "Run spinning processes next to the tests, one per processor.")
    private boolean spin;

    @Option(names = "--seed", paramLabel = "S", description = "Run in the order of this seed, as a soak prints it.")
    @SuppressWarnings("NullAway.Init")
    private Long seed;

    @Option(
            names = "--at-once",
            paramLabel = "N",
            description = "Number of modules that run in parallel" + " (${DEFAULT-VALUE}).")
    private int atOnce = Runtime.getRuntime().availableProcessors() + 1; // they wait more than they work

    public static void main(String[] arguments) {
        CommandLine command = new CommandLine(new Suite());
        command.getCommandSpec().exitCodeOnInvalidInput(USAGE);
        // Whatever ends this one ends the tests, too, and lets them clean up.
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> ProcessHandle.current().descendants().forEach(ProcessHandle::destroy)));
        System.exit(command.execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Path root = Path.of("").toAbsolutePath();
        List<TestModule> built = TestModule.below(root);
        List<String> classes = wanted.stream().filter(name -> !isModule(name)).toList();
        List<TestModule> modules = chosen(built);
        Selection selection =
                new Selection(classes, excluded(), seed == null ? OptionalLong.empty() : OptionalLong.of(seed));
        Path folder = root.resolve("target/suite");
        Spinning spinning = Spinning.start(spin ? Runtime.getRuntime().availableProcessors() : 0);
        try (spinning) {
            boolean green = soak > 1 ? soaked(modules, selection, folder) : once(modules, selection, folder);
            return green ? 0 : FAILED;
        }
    }

    private boolean once(List<TestModule> modules, Selection selection, Path folder) throws InterruptedException {
        Round round = round(modules, selection, folder);
        tellLeftOut(modules);
        tell(round);
        if (round.results().isEmpty()) {
            say("no test was run" + (wanted.isEmpty() ? "" : ": none is in " + String.join(", ", wanted)));
            return false;
        }
        if (round.count(Outcome.SKIPPED) > 0) {
            say("a skipped test proves nothing");
            return false;
        }
        return round.isGreen();
    }

    private boolean soaked(List<TestModule> modules, Selection selection, Path folder) throws InterruptedException {
        long first = seed == null ? System.currentTimeMillis() % 1_000_000 : seed;
        List<Round> rounds = new ArrayList<>();
        for (int i = 0; i < soak; i++) {
            say("round " + (i + 1) + " of " + soak + ", seed " + (first + i));
            Round round = round(modules, selection.inOrderOf(first + i), folder.resolve("round-" + (i + 1)));
            rounds.add(round);
            tell(round);
        }
        long green = rounds.stream().filter(Round::isGreen).count();
        List<String> differences = Soak.differences(rounds);
        differences.forEach(this::say);
        say(green + " of " + soak + " rounds green" + (spin ? " with spinning processes" : "") + "; "
                + (differences.isEmpty()
                        ? "every test passed in every round"
                        : differences.size() + " tests to look at"));
        return green == soak && differences.isEmpty();
    }

    private Round round(List<TestModule> modules, Selection selection, Path folder) throws InterruptedException {
        return Round.of(modules, selection, atOnce, folder, this::tell);
    }

    private void tell(ModuleRun run) {
        if (run.results().isEmpty() && run.isGreen()) {
            return;
        }
        say(run.module().name() + ": " + run.summary());
        if (run.isGreen()) {
            return;
        }
        if (run.count(Outcome.FAILED) == 0) {
            Log.tail(run.log(), LOG_LINES).forEach(this::sayBelow);
        }
        say("  the whole log: " + run.log());
    }

    /** Each failure stands at the very end, with its cause: where only the last lines of a log are kept, nothing else helps. */
    private void tell(Round round) {
        for (TestResult failed : round.failed()) {
            say("failed: " + failed.name());
            failed.failure().lines().limit(FAILURE_LINES).forEach(this::sayBelow);
        }
        say(String.format(
                Locale.ROOT,
                "%d min %d s",
                round.took().toMinutes(),
                round.took().toSecondsPart()));
        // Alone on its line: a form that CI services read.
        out().printf(
                        "test: %d passed, %d failed, %d skipped%n",
                        round.count(Outcome.PASSED), round.count(Outcome.FAILED), round.count(Outcome.SKIPPED));
        out().flush();
    }

    private void tellLeftOut(List<TestModule> modules) {
        for (String tag : excluded().stream().sorted().toList()) {
            List<String> names = modules.stream()
                    .flatMap(module -> module.tagged(tag).stream())
                    .toList();
            if (!names.isEmpty()) {
                say("left out, completely or in part (" + tag + "): " + String.join(" ", names));
            }
        }
    }

    private List<TestModule> chosen(List<TestModule> built) {
        List<String> names = wanted.stream().filter(Suite::isModule).toList();
        for (String name : names) {
            if (built.stream().noneMatch(module -> module.name().equals(name))) {
                throw new CommandLine.ParameterException(
                        spec.commandLine(),
                        "no module " + name + "; known ones are: "
                                + String.join(
                                        " ",
                                        built.stream().map(TestModule::name).toList()));
            }
        }
        return built.stream()
                .filter(module -> names.isEmpty() || names.contains(module.name()))
                .toList();
    }

    private Set<String> excluded() {
        Set<String> tags = new HashSet<>();
        if (!kernels) {
            tags.add("kernels");
        }
        if (quick) {
            tags.addAll(Set.of("slow", "docker"));
        }
        if (noDocker) {
            tags.add("docker");
        }
        return tags;
    }

    private static boolean isModule(String name) {
        return name.startsWith("lab-") || Files.exists(Path.of(name, "pom.xml"));
    }

    private void say(String line) {
        out().println("test: " + line);
        out().flush();
    }

    private void sayBelow(String line) {
        out().println("    " + line);
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
