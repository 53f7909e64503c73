package io.tcplab.cli;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Keeps the pictures in {@code docs/design.md} true. The modules and their arrows come from the poms; each arrow on the
 * paths of a run and of a diagnosis has to be a call in the code. With {@code GOLDEN=write} in the environment the page is
 * written anew.
 */
class DesignTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path PAGE = ROOT.resolve("docs/design.md");
    private static final Pattern DEPENDENCY = Pattern.compile(
            "<dependency>\\s*<groupId>io\\.tcplab</groupId>\\s*<artifactId>(.*?)</artifactId>(.*?)" + "</dependency>",
            Pattern.DOTALL);

    private static final Pattern MODULE = Pattern.compile("<module>(.*?)</module>");

    private static final List<Step> RUN = List.of(
            new Step("RunCommand", "Preflight", "knobs, sysctls, sandbox: can it be done?"),
            new Step("RunCommand", "RunSession", "the prepared runs"),
            new Step("RunSession", "Runner", "side by side, as far as descriptors go"),
            new Step("Runner", "ArmRun", "with the fault, and without: the control"),
            new Step("ArmRun", "Sandbox", "a cell: client, server, link"),
            new Step("ArmRun", "Experiment", "its steps, over a Trial"),
            new Step("Trial", "Host", "what is there now?"),
            new Step("LocalHost", "SockDiag", "a census"),
            new Step("SockDiag", "NetlinkSocket", "one dump, both address families"),
            new Step("Runner", "run.Judge", "observations of both arms"),
            new Step("RunSession", "TerminalReport", "the RunResult"),
            new Step("RunSession", "ResultsFolder", "all of them, after each"));

    private static final List<Step> DIAGNOSIS = List.of(
            new Step("DiagnoseCommand", "TargetSampling", "the target, for how long"),
            new Step("TargetSampling", "Diagnostician", "look, and look again"),
            new Step("Diagnostician", "Sampler", "a sample"),
            new Step("Sampler", "ParallelSockDiag", "all sockets, by several threads where there are many"),
            new Step("ParallelSockDiag", "SockDiag", "a census"),
            new Step("SockDiag", "NetlinkSocket", "one dump, both address families"),
            new Step("DiagnoseCommand", "Diagnosis", "the samples"),
            new Step("Diagnosis", "Evidence", "whose sockets, what changed"),
            new Step("Diagnosis", "Causes", "each weighs the evidence"),
            new Step("DiagnoseCommand", "DiagnosisJson", "the findings, for a program"),
            new Step("DiagnoseCommand", "DiagnosisPage", "the findings, for a person"));

    /** Classes by their names, with the package's where another one has the same. */
    private record Step(String from, String to, String what) {}

    @Test
    void thePictureOfTheModulesIsThatOfThePoms() throws IOException {
        assertInPage("modules", modules() + "\n" + mermaid("graph TD", arrows()));
    }

    @Test
    void thePathOfARunIsThatOfTheCode() throws IOException {
        assertInPage("run", path(RUN));
    }

    @Test
    void thePathOfADiagnosisIsThatOfTheCode() throws IOException {
        assertInPage("diagnosis", path(DIAGNOSIS));
    }

    /** A table of what each holds, as its pom says it. */
    private static String modules() throws IOException {
        StringBuilder table = new StringBuilder("| module | what it holds |\n|---|---|\n");
        for (String module : moduleNames()) {
            String description = pom(module).replaceAll("(?s).*?<description>(.*?)</description>.*", "$1");
            table.append("| `%s` | %s |\n".formatted(module, description.strip().replaceAll("\\s+", " ")));
        }
        return table.toString();
    }

    /** Without those that another arrow implies: from cli by report to compare, so none from cli to compare. */
    private static List<String> arrows() throws IOException {
        List<String> arrows = new ArrayList<>();
        for (String module : moduleNames()) {
            Set<String> direct = uses(module);
            Set<String> implied = new TreeSet<>();
            for (String used : direct) {
                implied.addAll(reaches(used));
            }
            direct.stream()
                    .filter(used -> !implied.contains(used))
                    .forEach(used -> arrows.add(module + " --> " + used));
        }
        return arrows;
    }

    private static Set<String> reaches(String module) throws IOException {
        Set<String> all = new TreeSet<>();
        for (String used : uses(module)) {
            all.add(used);
            all.addAll(reaches(used));
        }
        return all;
    }

    /** Tests' own dependencies don't count, but in a module that has nothing else. */
    private static Set<String> uses(String module) throws IOException {
        boolean testsOnly = !hasClasses(ROOT.resolve(module).resolve("src/main/java"));
        Set<String> used = new TreeSet<>();
        // What a BOM manages it doesn't use.
        var found =
                DEPENDENCY.matcher(pom(module).replaceAll("(?s)<dependencyManagement>.*</dependencyManagement>", ""));
        while (found.find()) {
            if (testsOnly || !found.group(2).contains("<scope>test</scope>")) {
                used.add(found.group(1));
            }
        }
        return used;
    }

    private static boolean hasClasses(Path sources) throws IOException {
        if (!Files.isDirectory(sources)) {
            return false;
        }
        try (Stream<Path> all = Files.walk(sources)) {
            return all.map(Path::toString).anyMatch(file -> file.endsWith(".java") && !file.endsWith("-info.java"));
        }
    }

    /** In the order in which they are built. */
    private static List<String> moduleNames() throws IOException {
        return MODULE.matcher(Files.readString(ROOT.resolve("pom.xml")))
                .results()
                .map(module -> module.group(1))
                .toList();
    }

    private static String pom(String module) throws IOException {
        return Files.readString(ROOT.resolve(module).resolve("pom.xml"));
    }

    private static String path(List<Step> steps) {
        JavaClasses lab = ArchitectureTest.LAB;
        List<String> lines = new ArrayList<>();
        steps.stream()
                .flatMap(step -> Stream.of(step.from, step.to))
                .distinct()
                .map(name -> named(lab, name))
                .forEach(each -> lines.add("participant %s as %s<br/>%s"
                        .formatted(
                                each.getSimpleName(),
                                each.getSimpleName(),
                                each.getPackageName().replaceFirst("io\\.tcplab\\.", ""))));
        for (Step step : steps) {
            assertThat(calls(lab, step))
                    .as("%s calls %s; if the path has changed, change the test's steps", step.from, step.to)
                    .isTrue();
            lines.add("%s->>%s: %s".formatted(simple(step.from), simple(step.to), step.what));
        }
        return mermaid("sequenceDiagram", lines);
    }

    private static String simple(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static boolean calls(JavaClasses lab, Step step) {
        String callee = named(lab, step.to).getName();
        return lab.stream()
                .filter(each -> each.getName()
                        .split("\\$", 2)[0]
                        .equals(named(lab, step.from).getName()))
                .flatMap(each -> each.getDirectDependenciesFromSelf().stream())
                .anyMatch(dependency -> dependency.getTargetClass().getName().equals(callee));
    }

    private static JavaClass named(JavaClasses lab, String name) {
        List<JavaClass> found = lab.stream()
                .filter(each -> each.isTopLevelClass() && each.getName().endsWith("." + name))
                .toList();
        assertThat(found).as("classes called " + name).hasSize(1);
        return found.getFirst();
    }

    private static String mermaid(String kind, List<String> lines) {
        return lines.stream()
                .map(line -> "    " + line + "\n")
                .collect(joining("", "```mermaid\n" + kind + "\n", "```\n"));
    }

    /** Between two comments of that name. */
    private static void assertInPage(String name, String expected) throws IOException {
        String start = "<!-- made by DesignTest: " + name + " -->\n";
        String end = "<!-- end: " + name + " -->\n";
        String page = Files.readString(PAGE);
        int from = page.indexOf(start) + start.length();
        int to = page.indexOf(end);
        assertThat(to).as("%s has %s and %s", PAGE, start, end).isGreaterThanOrEqualTo(from);
        if ("write".equals(System.getenv("GOLDEN"))) {
            Files.writeString(PAGE, page.substring(0, from) + expected + page.substring(to));
            return;
        }
        assertThat(page.substring(from, to))
                .as("%s, between the comments \"%s\": paste this, or run the test with GOLDEN=write", PAGE, name)
                .isEqualTo(expected);
    }
}
