package io.tcplab.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the program is made of besides itself. */
class DependenciesTest {
    private static final Path LIBRARIES = Path.of("target/lab/lib");
    private static final Path ROOT = Path.of("..");
    /** Where Maven keeps what it has downloaded. */
    private static final Path REPOSITORY = Path.of(System.getProperty("lab.repository"));

    private static final Pattern VERSION = Pattern.compile("<([a-z0-9.-]*version)>([^<]*)</\\1>");
    private static final Pattern LICENCE =
            Pattern.compile("<license>.*?<name>(.*?)</name>.*?</license>", Pattern.DOTALL);
    private static final Pattern PARENT = Pattern.compile("<parent>(.*?)</parent>", Pattern.DOTALL);

    @Test
    void eachIsUnderALicenceThatIsAllowed() throws IOException {
        Map<String, Path> poms = poms();
        Map<String, Set<String>> licences = new TreeMap<>();
        for (String library : libraries()) {
            Path pom = requireNonNull(poms.get(library), library + " isn't in " + REPOSITORY);
            licences.put(library, licences(pom));
        }
        assertThat(licences).hasSizeGreaterThan(30);
        assertThat(licences)
                .allSatisfy((library, names) -> assertThat(Licences.hasAllowed(names))
                        .as(library + ": " + names)
                        .isTrue());
    }

    @Test
    void whatIsNotAllowedIsNoticed() {
        assertThat(Licences.hasAllowed(Set.of("LGPL-2.1-or-later", "Apache-2.0")))
                .isTrue();
        assertThat(Licences.hasAllowed(Set.of("GNU General Public License, version 2")))
                .isFalse();
        assertThat(Licences.hasAllowed(Set.of("Apache-1.1"))).isFalse();
        assertThat(Licences.hasAllowed(Set.of())).isFalse();
    }

    /** As scripts/release does it. */
    @Test
    void aReleasesBillOfMaterialsIsChecked(@TempDir Path folder) throws Exception {
        Path bill = folder.resolve("sbom.json");
        Path libraries = Files.createDirectory(folder.resolve("lib"));
        Files.createFile(libraries.resolve("reader-3.29.0.jar"));
        Files.createFile(libraries.resolve("native-1.0-linux-x86_64.jar"));

        Files.writeString(
                bill,
                bill(
                        component("org.jline", "reader", "3.29.0", "BSD-4-Clause"),
                        component("a", "native", "1.0", "MIT")));
        assertThat(check(bill, libraries)).isEqualTo("2 components: {BSD-3-Clause=1, MIT=1}\nexit 0");
        assertThat(Files.readString(bill)).contains("BSD-3-Clause").doesNotContain("BSD-4-Clause");

        Files.writeString(bill, bill(component("a", "reader", "3.29.0", "GPL-2.0-only")));
        assertThat(check(bill, libraries))
                .contains("native-1.0-linux-x86_64.jar: not in the bill of materials")
                .contains("reader-3.29.0: under [GPL-2.0-only], which packaging/licences.txt doesn't have")
                .endsWith("\nexit 1");
    }

    private static String bill(String... components) {
        return "{\"components\": [" + String.join(",", components) + "]}";
    }

    private static String component(String group, String name, String version, String licence) {
        return "{\"group\": \"%s\", \"name\": \"%s\", \"version\": \"%s\", \"licenses\": [{\"license\": {\"id\": \"%s\"}}]}"
                .formatted(group, name, version, licence);
    }

    private static String check(Path bill, Path libraries) throws Exception {
        Process check = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Dlicences=../packaging/licences.txt",
                        "-cp",
                        LIBRARIES + "/*",
                        "../packaging/Licences.java",
                        bill.toString(),
                        libraries.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return said + "exit " + check.waitFor();
    }

    /** Else a build wouldn't be the same tomorrow. */
    @Test
    void noVersionIsOpen() throws IOException {
        Matcher root =
                Pattern.compile("(?m)^ {2}<version>(.*)</version>").matcher(Files.readString(ROOT.resolve("pom.xml")));
        assertThat(root.find()).isTrue();
        String own = Pattern.quote(root.group(1));
        try (Stream<Path> modules = Files.list(ROOT)) {
            List<Path> poms = Stream.concat(Stream.of(ROOT), modules)
                    .map(folder -> folder.resolve("pom.xml"))
                    .filter(Files::exists)
                    .toList();
            assertThat(poms).hasSizeGreaterThan(10);
            for (Path pom : poms) {
                Matcher version = VERSION.matcher(Files.readString(pom));
                while (version.find()) {
                    assertThat(version.group(2))
                            .as(pom + ": " + version.group())
                            .matches("\\$\\{.*}|" + own + "|[0-9](?!.*SNAPSHOT)[\\w.-]*");
                }
            }
        }
        assertThat(libraries()).noneMatch(name -> name.contains("SNAPSHOT"));
    }

    /** But for the lab's own. */
    private static Set<String> libraries() throws IOException {
        try (Stream<Path> jars = Files.list(LIBRARIES)) {
            return jars.map(jar -> jar.getFileName().toString())
                    .filter(name -> !name.startsWith("lab-"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** A jar's name to its pom: in the folder {@code group/artifact/version} of both. */
    private static Map<String, Path> poms() throws IOException {
        Set<String> wanted = libraries();
        try (Stream<Path> files = Files.walk(REPOSITORY)) {
            return files.filter(file -> wanted.contains(file.getFileName().toString()))
                    .collect(Collectors.toMap(
                            jar -> jar.getFileName().toString(),
                            jar -> pom(requireNonNull(jar.getParent())),
                            (one, other) -> one));
        }
    }

    private static Path pom(Path folder) {
        return folder.resolve(requireNonNull(folder.getParent()).getFileName() + "-" + folder.getFileName() + ".pom");
    }

    /** Its own, or those that it has from its parents. */
    private static Set<String> licences(Path pom) throws IOException {
        String text = Files.readString(pom).replaceAll("(?s)<!--.*?-->", "");
        Matcher own = LICENCE.matcher(text);
        Set<String> names =
                own.results().map(each -> each.group(1).strip()).collect(Collectors.toCollection(TreeSet::new));
        Matcher parent = PARENT.matcher(text);
        if (!names.isEmpty() || !parent.find()) {
            return names;
        }
        Function<String, String> value =
                name -> parent.group(1).replaceAll("(?s).*<" + name + ">\\s*(.*?)\\s*</" + name + ">.*", "$1");
        return licences(pom(REPOSITORY
                .resolve(value.apply("groupId").replace('.', '/'))
                .resolve(value.apply("artifactId"))
                .resolve(value.apply("version"))));
    }
}
