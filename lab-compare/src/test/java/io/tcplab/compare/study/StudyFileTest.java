package io.tcplab.compare.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tcplab.compare.design.Design;
import io.tcplab.compare.design.Setting;
import io.tcplab.compare.study.StudyException.Problem;
import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Role;
import io.tcplab.experiments.catalogue.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyFileTest {
    /** With one of everything. */
    static final String STUDY = """
            title: what reuse does
            experiments: [close-wait-leak, half-close]
            sysctl:
              client:net.ipv4.tcp_tw_reuse: [0, 1]
              net.ipv4.ip_local_port_range: 20000 29999
            set:
              connections: 5
            trials: 3
            seed: 7
            fail-if:
              - server.CLOSE_WAIT.peak > 4 in tcp_tw_reuse=1
            """;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aStudyIsExperimentsSettingsTrialsAndThresholds() {
        Study study = read(STUDY);
        assertThat(study.title()).isEqualTo("what reuse does");
        assertThat(study.trials()).hasValue(3);
        List<Design> designs = study.designs(99);
        assertThat(designs)
                .extracting(design -> design.experiment().story().name())
                .containsExactly("close-wait-leak", "half-close");
        assertThat(designs).extracting(Design::seed).containsOnly(7L);
        List<Setting> settings = designs.getFirst().settings();
        assertThat(settings)
                .extracting(Setting::label)
                .containsExactly("client:tcp_tw_reuse=0", "client:tcp_tw_reuse=1");
        assertThat(settings.getLast().change().sysctls().get(Role.CLIENT))
                .isEqualTo(Map.of("net.ipv4.tcp_tw_reuse", "1", "net.ipv4.ip_local_port_range", "20000 29999"));
        assertThat(settings.getLast().change().knobs()).isEqualTo(Map.of("connections", "5"));
        assertThat(study.thresholds()).hasSize(1);
    }

    @Test
    void settingsWithNamesAreTakenAsTheyAre() throws IOException {
        Files.writeString(
                folder.resolve("article.conf"), "net.ipv4.tcp_fin_timeout = 30\n-net.ipv4.tcp_tw_recycle = 1\n");
        Study study = read("""
                experiments: close-wait-leak
                settings:
                  - name: as it comes
                  - name: the article
                    profile: article.conf
                    sysctl: {server:net.ipv4.tcp_sack: 0}
                    set: {connections: 9}
                    transport: nio
                """);
        List<Setting> settings = study.designs(1).getFirst().settings();
        assertThat(settings).extracting(Setting::label).containsExactly("as it comes", "the article");
        assertThat(settings.getLast().change().sysctls())
                .isEqualTo(Map.of(
                        Role.CLIENT, Map.of("net.ipv4.tcp_fin_timeout", "30"),
                        Role.SERVER, Map.of("net.ipv4.tcp_fin_timeout", "30", "net.ipv4.tcp_sack", "0")));
        assertThat(settings.getLast().change().transport()).isPresent();
        assertThat(settings.getLast().notes()).singleElement().asString().contains("tcp_tw_recycle");
    }

    @Test
    void whatIsMoreSpecialWins() throws IOException {
        Files.writeString(folder.resolve("all.conf"), "net.ipv4.tcp_fin_timeout = 1\nnet.ipv4.tcp_sack = 0\n");
        Study study = read("""
                experiments: half-close
                settings:
                  - name: a
                  - name: b
                    sysctl: {client:net.ipv4.tcp_fin_timeout: 3}
                    profile: all.conf
                sysctl: {client:net.ipv4.tcp_fin_timeout: 2}
                profile: all.conf
                """);
        assertThat(study.designs(1).getFirst().settings())
                .extracting(setting -> setting.change()
                        .sysctls()
                        .getOrDefault(Role.CLIENT, Map.of())
                        .get("net.ipv4.tcp_fin_timeout"))
                .containsExactly("2", "3");
    }

    @Test
    void pairsTakeTheFirstOfEachThenTheSecond() {
        String crossed = """
                experiments: close-wait-leak
                transport: [epoll, nio]
                set: {connections: [5, 9]}
                """;
        assertThat(read(crossed).designs(1).getFirst().settings()).hasSize(4);
        assertThat(read(crossed + "pairs: true\n").designs(1).getFirst().settings())
                .extracting(Setting::label)
                .containsExactly("transport=epoll, connections=5", "transport=nio, connections=9");
    }

    @Test
    void experimentsOfTheCommandLineStandInForItsOwn() {
        List<Experiment> given = List.of(Catalogue.byName("half-close"));
        Study study = StudyFile.parse("s.yaml", "sysctl: {net.ipv4.tcp_sack: [0, 1]}", folder, given);
        assertThat(study.experiments()).isEqualTo(given);
    }

    @Test
    void allMistakesAreToldAtOnceAtTheirPlacesWithWhatIsNearest() {
        assertThat(problems("""
                experiments: [close-wait-leek, half-close]
                trial: 3
                sysctl:
                  client:net.ipv4.tcp_tw_reus: [0, 1]
                  net.ipv4.tcp_sack: [0, 2]
                  net.ipv4.tcp_mem: 1 2 3
                set:
                  conections: 5
                transport: [epol, nio]
                sandbox: hosts
                profile: no-such.conf
                trials: 0
                seed: many
                pairs: maybe
                fail-if:
                  - client.EADDRNOTAVAIL >> 0
                """))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("1:15: ").contains("did you mean close-wait-leak?"),
                        line -> assertThat(line).startsWith("2:1: unknown key trial; did you mean trials?"),
                        line -> assertThat(line)
                                .startsWith("4:3: net.ipv4.tcp_tw_reus doesn't exist, and the lab doesn't know it; did"
                                        + " you mean net.ipv4.tcp_tw_reuse"),
                        line -> assertThat(line)
                                .isEqualTo("5:26: net.ipv4.tcp_sack takes 2, but only 0 or 1 makes sense"),
                        line -> assertThat(line).startsWith("6:3: net.ipv4.tcp_mem is global"),
                        line -> assertThat(line)
                                .startsWith("8:3: half-close has no knob conections; did you mean connections?"),
                        line -> assertThat(line).startsWith("9:13: ").contains("did you mean epoll?"),
                        line -> assertThat(line).startsWith("10:10: ").contains("did you mean host?"),
                        line -> assertThat(line).startsWith("11:10: ").contains("can't read"),
                        line -> assertThat(line).isEqualTo("12:9: trials: a whole number, 1 or more, not \"0\""),
                        line -> assertThat(line).isEqualTo("13:7: seed: a whole number, not \"many\""),
                        line -> assertThat(line).isEqualTo("14:8: pairs: true or false, not \"maybe\""),
                        line -> assertThat(line).isEqualTo("16:27: expected a number after >, not \"> 0\""));
    }

    @Test
    void whatHasTheWrongShapeIsTold() {
        assertThat(problems("""
                experiments: {a: b}
                settings:
                  - name: one
                    sysctls: {net.ipv4.tcp_sack: 1}
                  - sysctl: {net.ipv4.tcp_sack: [0, 1]}
                  - name: one
                  - two
                set: 5
                trials:
                """))
                .containsExactly(
                        "1:14: expected an experiment's name or a list of them, not names with values",
                        "4:5: unknown key sysctls; did you mean sysctl?",
                        "5:5: a setting needs a name",
                        "5:13: a single value for net.ipv4.tcp_sack in a named setting",
                        "6:5: two settings are called one",
                        "7:5: expected a setting: names with values, not \"two\"",
                        "8:6: expected knobs: names with values, not \"5\"",
                        "9:8: expected a value for trials, but there is nothing");
    }

    @Test
    void thresholdsAreCheckedAgainstMeasuresAndSettings() {
        assertThat(problems("""
                experiments: close-wait-leak
                sysctl: {net.ipv4.tcp_sack: [0, 1]}
                fail-if:
                  - server.CLOSE_WAIT.peek > 4
                  - "server.CLOSE_WAIT.peak > 4 in tcp_sack=2"
                """))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("4:5: unknown measure server.CLOSE_WAIT.peek; did you mean"
                                        + " server.CLOSE_WAIT.peak"),
                        line -> assertThat(line)
                                .isEqualTo("5:5: unknown setting tcp_sack=2; did you mean tcp_sack=0 or"
                                        + " tcp_sack=1?"));
    }

    @Test
    void oneSettingIsNoComparison() {
        assertThat(problems("experiments: close-wait-leak\n"))
                .singleElement()
                .asString()
                .startsWith("1:1: a comparison needs at least two settings: give sysctl, set, profile");
        assertThat(
                        problems(
                                "experiments: close-wait-leak\nset: {connections: [5, 6, 7]}\ntransport: [nio, epoll]\npairs: true\n"))
                .singleElement()
                .asString()
                .startsWith("4:1: pairs pairs the first values of all options");
        assertThat(problems("sysctl: {net.ipv4.tcp_sack: [0, 1]}\n"))
                .singleElement()
                .asString()
                .startsWith("1:1: no experiment given");
    }

    @Test
    void whatIsNoYamlIsToldByItsPlace() {
        assertThat(problems("")).containsExactly("1:1: the file is empty");
        assertThat(problems("experiments: [a\nset: 1\n"))
                .singleElement()
                .asString()
                .startsWith("2:")
                .contains("not YAML");
        assertThat(problems("a: 1\n---\nb: 2\n")).singleElement().asString().contains("not YAML");
        assertThat(problems("trials: 3\ntrials: 4\nexperiments: half-close\n")).contains("2:1: trials is given twice");
        assertThat(problems("? [a]\n: 1\n")).anySatisfy(line -> assertThat(line).contains("a key must be a word"));
    }

    private Study read(String text) {
        return StudyFile.parse("study.yaml", text, folder, List.of());
    }

    private List<String> problems(String text) {
        StudyException e = catchThrowableOfType(StudyException.class, () -> read(text));
        assertThat(e.getMessage()).startsWith("study.yaml:");
        return e.problems().stream().map(Problem::toString).toList();
    }
}
