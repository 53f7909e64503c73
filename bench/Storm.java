import io.tcplab.kernel.netns.Cidr;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.netns.VethLink;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.statistics.descriptive.Median;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Who makes the stronger storm of short-lived connections: the lab, or a plain C program? {@code scripts/bench storm} starts it.
 *
 * <p>Two hosts, network namespaces joined by a veth link, are made anew for each trial, so that none inherits another's
 * TIME_WAIT. In each round every contender has a trial of each kind, in an order drawn anew; what counts is its rate divided by
 * the C pair's in the same round. All have one event loop a side, 64 connections at a time and, but for wrk and ab, 64 targets.
 */
@Command(name = "scripts/bench storm", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Compares the lab's storm with a plain C pair's, and with wrk and ab where they are installed.")
final class Storm implements Callable<Integer> {
    static final int PORT = 7000;
    static final int IN_FLIGHT = 64;
    static final int ADDRESSES = 64;

    @Option(names = "--rounds", paramLabel = "N", description = "Trials of each contender (default: ${DEFAULT-VALUE}).")
    int rounds = 5;

    @Option(names = "--seconds", paramLabel = "S", description = "Length of a trial (default: ${DEFAULT-VALUE}).")
    int seconds = 6;

    @Option(names = "--seed", paramLabel = "N", description = "Of the order (default: ${DEFAULT-VALUE}).")
    long seed = 1;

    @Option(names = "--only", paramLabel = "NAME", split = ",", description = "These, and the C pair: ${COMPLETION-CANDIDATES}.")
    Set<Contender> only = EnumSet.allOf(Contender.class);

    @Option(names = "--json", paramLabel = "FILE", description = "Write every trial there.")
    Path json;

    @Option(names = "--lab", hidden = true, required = true)
    Path lab;

    @Option(names = "--pair", hidden = true, required = true)
    Path pair;

    /** What happens on each connection. */
    enum Kind {
        CONNECT("no payload", 0),
        REQUEST("request/response", 64);

        final String label;
        final int bytes;

        Kind(String label, int bytes) {
            this.label = label;
            this.bytes = bytes;
        }
    }

    enum Contender {
        C, EPOLL, IO_URING, NIO, WRK, AB;

        String label() {
            return switch (this) {
                case C -> "C pair, epoll";
                case EPOLL, IO_URING, NIO -> "lab, " + name().toLowerCase(Locale.ROOT);
                case WRK -> "wrk, C server";
                case AB -> "ab, C server";
            };
        }

        /** wrk and ab can only ask. */
        boolean takes(Kind kind) {
            return ordinal() < WRK.ordinal() || kind == Kind.REQUEST;
        }

        boolean isLab() {
            return this == EPOLL || this == IO_URING || this == NIO;
        }

        boolean isInstalled() {
            String program = name().toLowerCase(Locale.ROOT);
            return ordinal() < WRK.ordinal()
                    || Stream.of(System.getenv("PATH").split(":")).anyMatch(dir -> Files.isExecutable(Path.of(dir, program)));
        }
    }

    /**
     * @param rate connections a second
     * @param server processor time of the server a connection, user and system, in microseconds; its start is in it
     */
    record Trial(Kind kind, Contender contender, int round, double rate, Cpu server, Cpu client) {}

    record Cpu(double user, double system) {
        Cpu dividedBy(double connections) {
            return new Cpu(user / connections * 1e6, system / connections * 1e6);
        }
    }

    record Outcome(double connections, double took) {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Storm()).setCaseInsensitiveEnumValuesAllowed(true).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        List<Contender> contenders = Arrays.stream(Contender.values())
                .filter(one -> one == Contender.C || only.contains(one) && one.isInstalled())
                .toList();
        List<Trial> trials = new ArrayList<>();
        Random random = new Random(seed);
        for (int round = 1; round <= rounds; round++) {
            List<Runnable> order = new ArrayList<>();
            int number = round;
            for (Kind kind : Kind.values()) {
                contenders.stream().filter(one -> one.takes(kind)).forEach(one -> order.add(() -> trials.add(trial(kind, one, number))));
            }
            Collections.shuffle(order, random);
            for (Runnable trial : order) {
                trial.run();
                Trial last = trials.getLast();
                System.err.printf(Locale.ROOT, "round %d of %d: %s, %s: %,.0f/s%n", round, rounds, last.contender.label(), last.kind.label, last.rate);
            }
        }
        print(contenders, trials);
        if (json != null) {
            JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
            mapper.writeValue(json.toFile(), Map.of("seconds", seconds, "seed", seed, "kernel", System.getProperty("os.version"), "trials", trials));
        }
        return 0;
    }

    // A trial.

    Trial trial(Kind kind, Contender contender, int round) {
        try (Namespace server = Namespace.create("server"); Namespace client = Namespace.create("client")) {
            List<Cidr> addresses = IntStream.rangeClosed(1, ADDRESSES).mapToObj(i -> Cidr.parse("10.99.0." + i + "/24")).toList();
            VethLink.join(new VethLink.End(server, "srv", addresses), new VethLink.End(client, "cli", List.of(Cidr.parse("10.99.0.200/24"))));
            client.run(() -> Map.of("tcp_tw_reuse", "1", "tcp_tw_reuse_delay", "10", "ip_local_port_range", "10000 65535").forEach(Storm::set));
            Timed serving = Timed.start(server, serverOf(contender));
            serving.awaitLine(contender == Contender.C || !contender.isLab() ? "listening" : "port");
            String loaded = Timed.start(client, clientOf(kind, contender)).rest();
            serving.stop();
            Outcome outcome = outcome(contender, loaded);
            return new Trial(kind, contender, round, outcome.connections / outcome.took,
                    Timed.cpu(serving.rest()).dividedBy(outcome.connections), Timed.cpu(loaded).dividedBy(outcome.connections));
        } catch (IOException e) {
            throw new IllegalStateException(contender.label() + ": " + e.getMessage(), e);
        }
    }

    static void set(String name, String value) {
        Path file = Path.of("/proc/sys/net/ipv4", name);
        try {
            if (Files.exists(file)) { // tcp_tw_reuse_delay came with 6.14
                Files.writeString(file, value);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    List<String> serverOf(Contender contender) {
        String port = Integer.toString(PORT);
        return switch (contender) {
            case C -> List.of(pair.toString(), "server", "0.0.0.0", port);
            case WRK -> List.of(pair.toString(), "server", "0.0.0.0", port, "http");
            case AB -> List.of(pair.toString(), "server", "0.0.0.0", port, "close");
            case EPOLL, IO_URING, NIO -> List.of(lab.toString(), "server", "--bind", "0.0.0.0", "--port", port, "--transport", contender.name());
        };
    }

    List<String> clientOf(Kind kind, Contender contender) {
        String url = "http://10.99.0.1:" + PORT + "/";
        return switch (contender) {
            case C -> List.of(pair.toString(), "client", "10.99.0.1", "" + ADDRESSES, "" + PORT, "" + kind.bytes, "" + IN_FLIGHT, "" + seconds);
            case WRK -> List.of("wrk", "-t1", "-c" + IN_FLIGHT, "-d" + seconds + "s", url);
            case AB -> List.of("ab", "-q", "-r", "-c" + IN_FLIGHT, "-t" + seconds, "-n100000000", url);
            case EPOLL, IO_URING, NIO -> {
                List<String> command = new ArrayList<>(List.of(lab.toString(), "client", "--payload", "" + kind.bytes, "--for", seconds + "s",
                        "--concurrency", "" + IN_FLIGHT, "--transport", contender.name()));
                IntStream.rangeClosed(1, ADDRESSES).forEach(i -> command.addAll(List.of("--target", "10.99.0." + i + ":" + PORT)));
                yield command;
            }
        };
    }

    static Outcome outcome(Contender contender, String out) throws IOException {
        return switch (contender) {
            case C -> found(out, "^(\\d+) ([\\d.]+) 0$");
            case WRK -> found(out, "(\\d+) requests in ([\\d.]+)s");
            case AB -> new Outcome(found(out, "Complete requests: +(\\d+)()").connections, found(out, "Time taken for tests: +()([\\d.]+)").took);
            case EPOLL, IO_URING, NIO -> found(out, "connected +([\\d,]+) \\([\\d,]+/s\\) in ([\\d.]+) s");
        };
    }

    static Outcome found(String out, String pattern) throws IOException {
        Matcher matcher = Pattern.compile(pattern, Pattern.MULTILINE).matcher(out);
        if (!matcher.find()) {
            throw new IOException("no result in its output:\n" + out);
        }
        return new Outcome(number(matcher.group(1)), number(matcher.group(2)));
    }

    static double number(String text) {
        return text.isEmpty() ? 0 : Double.parseDouble(text.replace(",", ""));
    }

    /** A program under bash's {@code time}, which says at its end how much processor time it took. */
    record Timed(Process process, BufferedReader out) {
        private static final Pattern CPU = Pattern.compile("^cpu ([\\d.]+) ([\\d.]+)$", Pattern.MULTILINE);

        static Timed start(Namespace host, List<String> command) {
            List<String> timed = new ArrayList<>(List.of("bash", "-c", "TIMEFORMAT='cpu %U %S'; time \"$@\" 2>/dev/null", "time"));
            timed.addAll(command);
            return host.call(() -> {
                Process process = new ProcessBuilder(timed).redirectErrorStream(true).start();
                return new Timed(process, process.inputReader());
            });
        }

        void awaitLine(String part) throws IOException {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.contains(part)) {
                    return;
                }
            }
            throw new IOException("it ended before it said '" + part + "'");
        }

        /** All that it says until its end. */
        String rest() {
            return String.join("\n", out.lines().toList());
        }

        void stop() {
            process.descendants().forEach(ProcessHandle::destroy);
        }

        /** @param rest where bash's word on the processor time is, in seconds */
        static Cpu cpu(String rest) throws IOException {
            Matcher cpu = CPU.matcher(rest);
            if (!cpu.find()) {
                throw new IOException("no processor time in:\n" + rest);
            }
            return new Cpu(number(cpu.group(1)), number(cpu.group(2)));
        }
    }

    // The table, as Markdown.

    void print(List<Contender> contenders, List<Trial> trials) {
        System.out.printf("Rounds of %d s: %d, seed %d, Linux %s, %d processors.%n", seconds, rounds, seed, System.getProperty("os.version"),
                Runtime.getRuntime().availableProcessors());
        for (Kind kind : Kind.values()) {
            System.out.printf("%n| %s | connections/s | of the C pair's | server, µs user + system | client, µs user + system |%n| --- | --- | --- | --- | --- |%n", kind.label);
            for (Contender contender : contenders) {
                List<Trial> own = trials.stream().filter(trial -> trial.kind == kind && trial.contender == contender).toList();
                if (!own.isEmpty()) {
                    System.out.println(row(own, trials));
                }
            }
        }
    }

    static String row(List<Trial> own, List<Trial> all) {
        double[] ratios = own.stream().mapToDouble(trial -> trial.rate / pairOf(trial, all).rate).sorted().toArray();
        return String.format(Locale.ROOT, "| %s | %,.0f | **%.2f** (%.2f–%.2f) | %.1f + %.1f | %.1f + %.1f |", own.getFirst().contender.label(),
                median(own, Trial::rate), median(ratios), ratios[0], ratios[ratios.length - 1],
                median(own, trial -> trial.server.user), median(own, trial -> trial.server.system),
                median(own, trial -> trial.client.user), median(own, trial -> trial.client.system));
    }

    static Trial pairOf(Trial trial, List<Trial> all) {
        return all.stream()
                .filter(other -> other.contender == Contender.C && other.kind == trial.kind && other.round == trial.round)
                .findFirst()
                .orElseThrow();
    }

    static double median(List<Trial> trials, ToDoubleFunction<Trial> figure) {
        return median(trials.stream().mapToDouble(figure).toArray());
    }

    static double median(double[] values) {
        return Median.withDefaults().withCopy(true).evaluate(values);
    }
}
