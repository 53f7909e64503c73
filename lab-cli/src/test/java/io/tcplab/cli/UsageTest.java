package io.tcplab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with a command is said before anything starts, with the next step, and exits 64. */
class UsageTest {
    @TempDir
    private Path temporary = Path.of("");

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake("no command given"),
                mistake("unknown command rnu; did you mean run?", "rnu"),
                mistake("unknown command frobnicate; the commands are doctor, ", "frobnicate"),
                mistake("lab run has no option --sandboxes; did you mean --sandbox?", "run", "--sandboxes", "host"),
                mistake("lab doctor doesn't take half-close", "doctor", "half-close"),
                mistake("did you mean close-wait-leak?", "explain", "close-wait-leek"),
                mistake("did you mean close-wait-leak?", "run", "close-wait-leek"),
                mistake("no experiment given", "run"),
                mistake("unknown experiment \"zzz\" (`lab list` shows all 35)", "run", "zzz"),
                mistake("--all and names exclude each other", "run", "--all", "half-close"),
                mistake("did you mean namespaces?", "run", "--all", "--sandbox", "namespace"),
                mistake("Use --sandbox namespaces", "run", "half-close", "--sandbox", "host", "--capture"),
                mistake("--trials 0: must be 1 or more", "run", "--all", "--trials", "0"),
                mistake("did you mean connections?", "run", "half-close", "--set", "conections=5"),
                mistake("must be 1 to 10000", "run", "half-close", "--set", "connections=0"),
                mistake("--set connections: expected KNOB=VALUE", "run", "half-close", "--set", "connections"),
                mistake("--trials x: expected a whole number", "run", "half-close", "--trials", "x"),
                mistake("net.ipv4.tcp_fin_timeout", "run", "--all", "--sysctl", "net.ipv4.tcp_fin_timeuot=5"),
                mistake("net.ipv4.tcp_fin_timeout", "run", "--all", "--sysctl", "server:net.ipv4.tcp_fin_timeout=-1"),
                mistake("net.core.netdev_max_backlog", "run", "--all", "--sysctl", "net.core.netdev_max_backlog=9"),
                mistake("[client:|server:]name=value", "run", "--all", "--sysctl", "client:tcp_tw_reuse"),
                mistake("--sysctl-file: can't read /no/such/file", "run", "--all", "--sysctl-file", "/no/such/file"),
                mistake("which doesn't exist", "run", "half-close", "--json", "/no/such/folder/r.json"),
                mistake("is a directory", "run", "half-close", "--markdown", "/"),
                mistake("did you mean tcp_fin_timeout?", "sysctl", "tcp_fin_timeuot"),
                mistake("is gone since Linux 4.12", "sysctl", "tcp_tw_recycle"),
                mistake("no such file: /no/such.conf", "sysctl", "lint", "/no/such.conf"),
                mistake("no such file: /no/such.conf", "sysctl", "diff", "/no/such.conf"),
                mistake("Missing required parameter: 'FILE", "sysctl", "lint"),
                mistake("no target given", "diagnose"),
                mistake("give only one of", "diagnose", "--port", "80", "--pid", "1"),
                mistake("give only one of", "serve", "--port", "80", "--pid", "1"),
                mistake("nobody listens on port 1,", "serve", "--port", "1"),
                mistake("expected host:port", "serve", "--listen", "127.0.0.1"),
                mistake("EADDRNOTAVAIL", "serve", "--listen", "192.0.2.1:0"),
                mistake("no process has the pid 99999999", "diagnose", "--pid", "99999999"),
                mistake("no network namespace is named", "diagnose", "--netns", "no-such-namespace"),
                mistake("there is no network namespace /no/such", "diagnose", "--netns", "/no/such"),
                mistake("/proc/version isn't one: give a name", "diagnose", "--netns", "/proc/version"),
                mistake("`lab sysctl` lists", "sysctl", "no_such_knob_at_all"),
                mistake("nobody listens on port 1,", "diagnose", "--port", "1", "--for", "0s"),
                mistake("port 70000 must be 1 to 65535", "check", "--port", "70000"),
                mistake("did you mean CLOSE_WAIT?", "check", "--port", "1", "--max", "CLOSE_WIAT=0"),
                mistake("is not a duration", "check", "--port", "1", "--for", "10"),
                mistake("two settings", "compare", "half-close"),
                mistake("did you mean close-wait-leak?", "compare", "close-wait-leek", "--set", "connections=1,2"),
                mistake("no experiment given", "compare"),
                mistake("no such file: /no/such.yaml", "compare", "--study", "/no/such.yaml"),
                mistake("no such file: /no/such.yaml", "compare", "half-close", "--setting-matrix", "/no/such.yaml"),
                mistake("column 15: expected a number after >", gate("client.again >> 2")),
                mistake("did you mean client.again?", gate("client.agian > 2")),
                mistake("unknown setting ports=9", gate("client.again > 2 in ports=9")),
                mistake("is measured in connections, not ms", gate("client.again > 2 ms")),
                mistake("did you mean backlog?", "compare", "backlog-overflow", "--set", "backlogs=1,2"),
                mistake("must be a whole number", "compare", "backlog-overflow", "--set", "backlog=1,x"),
                mistake("backlog has 3, extra has 2", pairs("backlog=1,2,3", "extra=1,2")),
                mistake("v1,v2", "compare", "half-close", "--sysctl", "net.ipv4.tcp_tw_reuse"),
                mistake("net.ipv4.tcp_tw_reuse", "compare", "half-close", "--sysctl", "net.ipv4.tcp_tw_reuse=0,3"),
                mistake("/no/such/file: no such file", "compare", "half-close", "--profile", "/no/such/file,/nor/that"),
                mistake("did you mean epoll?", "compare", "half-close", "--transport", "epol,nio"),
                mistake("did you mean host?", "compare", "half-close", "--sandbox", "namespaces,hots"),
                mistake("--trials 0: must be 1 or more", "compare", "half-close", "--trials", "0", "--set", "a=1,2"),
                mistake("--target is missing", "client"),
                mistake("expected host:port", "client", "--target", "192.0.2.7"),
                mistake(
                        "--for and --count exclude each other",
                        "client",
                        "--target",
                        "[::1]:9",
                        "--for",
                        "1s",
                        "--count",
                        "2"),
                mistake("is not a duration", "client", "--target", "[::1]:9", "--for", "1"),
                client("the method is missing; write it as 'GET /path'", "--http", "/"),
                client("--http and --send exclude each other", "--http", "GET /", "--send", "/etc/hostname"),
                client("--header needs --http", "--header", "A: b"),
                client("--body needs --http", "--body", "/etc/hostname"),
                client("--header \"A b\" is no header", "--http", "GET /", "--header", "A b"),
                client("--body: can't read /no/such: no such file", "--http", "POST /", "--body", "/no/such"),
                client("--body /etc is a directory", "--http", "POST /", "--body", "/etc"),
                client("--send needs --expect", "--send", "/etc/hostname"),
                client("--expect needs --send", "--expect", "7"),
                client("--send: can't read /no/such: no such file", "--send", "/no/such", "--expect", "7"),
                client("--send null is empty", "--send", "/dev/null", "--expect", "7"),
                client("--expect (x is no regular expression", "--send", "/etc/hostname", "--expect", "(x"),
                client("--payload is for an echo", "--http", "GET /", "--payload", "7"),
                client("half-close can't carry HTTP", "--http", "GET /", "--load", "half-close"),
                client("hold has no TLS", "--tls", "--load", "hold"),
                client("--ca needs --tls", "--ca", "ca.pem"),
                client("--insecure needs --tls", "--insecure"),
                client("--ca and --insecure exclude each other", "--tls", "--insecure", "--ca", "ca.pem"),
                client("--ca: can't read /no/such: no such file", "--tls", "--ca", "/no/such"),
                client("--ca /etc/hostname has no certificate", "--tls", "--ca", "/etc/hostname"),
                mistake("did you mean short-lived?", "client", "--target", "[::1]:9", "--load", "short-live"),
                mistake("did you mean epoll?", "client", "--target", "[::1]:9", "--transport", "epol"),
                mistake("Missing required option: '--on=KIND'", "storm"),
                storm("--on swram: unknown kind of cluster; did you mean swarm?", "--on", "swram"),
                onCluster("--on swram: unknown kind of cluster; did you mean swarm?", "--on", "swram"),
                onCluster("--nodes and --node-label are for --on", "--nodes", "3"),
                onCluster("--image is for --on", "--image", "x"),
                onCluster("--nodes 0 is not between 1 and 200", "--on", "swarm", "--nodes", "0"),
                onCluster("--trials 2 is less than --nodes 3", "--on", "swarm", "--nodes", "3", "--trials", "2"),
                onCluster("--node-label lab: expected KEY=VALUE", "--on", "swarm", "--node-label", "lab"),
                onCluster("--kernel boots guests on this machine", "--on", "swarm", "--kernel", "host"),
                onCluster("--sandbox docker uses this machine's engine", "--on", "swarm", "--sandbox", "docker"),
                storm("--on k9s: unknown kind of cluster; there are swarm and kubernetes", "--on", "k9s"),
                storm("--namespace are for --on kubernetes", "--on", "swarm", "--namespace", "x"),
                storm("--clients 0 is not between 1 and 200", "--on", "swarm", "--clients", "0"),
                storm("--count 3 is less than --clients 4", "--on", "swarm", "--clients", "4", "--count", "3"),
                storm("--load hold needs --count", "--on", "swarm", "--load", "hold"),
                storm("--for and --count exclude each other", "--on", "swarm", "--for", "1s", "--count", "9"),
                storm("did you mean never-close?", "--on", "swarm", "--behaviour", "never-closes"),
                mistake("did you mean never-close?", "server", "--behaviour", "never-closes"),
                mistake("did you mean nio?", "server", "--transport", "nia"),
                mistake("--port http: expected a whole number", "server", "--port", "http"),
                mistake("--port: port 70000 must be 0 to 65535", "server", "--port", "70000"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void isNamedWithTheNextStep(String[] command, String said) {
        Invocation invocation = Invocation.of(command);
        assertThat(invocation.err()).contains(said).doesNotContain("Exception");
        assertThat(invocation.code()).isEqualTo(64);
        assertThat(invocation.out()).isEmpty();
    }

    @Test
    void aFilesMistakesAreToldByLineAndColumn() throws Exception {
        Path file = Files.writeString(temporary.resolve("bad.conf"), """
                # tuning
                net.ipv4.tcp_fin_timeout 30
                net.ipv4.tcp_nonsense = 1
                """);
        Invocation invocation = Invocation.of("run", "--all", "--sysctl-file", "server:" + file);
        assertThat(invocation.err())
                .contains("can be set:")
                .contains("bad.conf:2:1: ")
                .contains("bad.conf:3:1: ");
        assertThat(invocation.code()).isEqualTo(64);
    }

    @ParameterizedTest
    @ValueSource(strings = {"doctor", "list", "explain", "run", "compare", "sysctl", "server", "client"})
    void everyCommandHasHelpWithExamples(String command) {
        Invocation invocation = Invocation.of(command, "--help");
        assertThat(invocation.code()).isZero();
        assertThat(invocation.out()).contains("Usage: lab " + command).contains("Example");
        assertThat(invocation.out()).isEqualTo(Invocation.of("help", command).out());
    }

    private static String[] pairs(String one, String other) {
        return new String[] {"compare", "backlog-overflow", "--pairs", "--set", one, "--set", other};
    }

    @Test
    void aStudysMistakesAreToldAllAtOnce() throws Exception {
        Path study = Files.writeString(temporary.resolve("bad.yaml"), """
                experiments: half-clos
                trial: 5
                """);
        Invocation invocation = Invocation.of("compare", "--study", study.toString());
        assertThat(invocation.err())
                .contains("bad.yaml:1:14: unknown experiment \"half-clos\"; did you mean half-close?")
                .contains("bad.yaml:2:1: unknown key trial; did you mean trials?");
        assertThat(invocation.code()).isEqualTo(64);
        Path good = Files.writeString(temporary.resolve("good.yaml"), "set: {connections: [5, 6]}\n");
        Invocation mixed = Invocation.of("compare", "half-close", "--study", good.toString(), "--set", "connections=7");
        assertThat(mixed.err()).contains("the study defines the settings");
        assertThat(mixed.code()).isEqualTo(64);
    }

    @Test
    void editorsGetTheSchemaWithTheExperimentsNames() {
        Invocation schema = Invocation.of("compare", "--study-schema");
        assertThat(schema.code()).isZero();
        assertThat(schema.out()).contains("\"lab/study/1\"").contains("\"enum\": [\"close-wait-leak\", ");
    }

    private static String[] gate(String threshold) {
        return new String[] {"compare", "port-exhaustion", "--set", "ports=10,20", "--fail-if", threshold};
    }

    private static Arguments client(String said, String... options) {
        return mistake(
                said,
                Stream.concat(Stream.of("client", "--target", "[::1]:9"), Stream.of(options))
                        .toArray(String[]::new));
    }

    private static Arguments storm(String said, String... options) {
        return mistake(
                said, Stream.concat(Stream.of("storm"), Stream.of(options)).toArray(String[]::new));
    }

    private static Arguments onCluster(String said, String... options) {
        return mistake(
                said,
                Stream.concat(
                                Stream.of("compare", "port-exhaustion", "--sysctl", "client:net.ipv4.tcp_tw_reuse=0,1"),
                                Stream.of(options))
                        .toArray(String[]::new));
    }

    private static Arguments mistake(String said, String... command) {
        return Arguments.of(command, said);
    }

    @Test
    void aCommandsHelpIsTheSameWhenOnlyItWasTypedAndWhenAllAreMade() {
        String alone = Invocation.of("run", "--help").out();
        assertThat(alone).startsWith("Usage: lab run ");
        assertThat(Invocation.of("help", "run").out()).isEqualTo(alone);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "--help run", "--stacktrace --help run", "help"})
    void theLabsOwnHelpNamesAllCommands(String typed) {
        assertThat(Invocation.of(typed.split(" ", -1)).out())
                .contains("doctor", "explain", "storm", "generate-completion");
    }

    @Test
    void optionsOfTheLabMayStandBeforeACommand() {
        assertThat(Invocation.of("--stacktrace", "explain", "half-close").code())
                .isZero();
    }
}
