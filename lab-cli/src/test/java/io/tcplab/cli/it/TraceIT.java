package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lab run --trace}: the paths of RFC 9293 on both hosts, and segments as tcpdump reads them from the capture. */
@Tag("slow")
class TraceIT {
    private static final Pattern STATE = Pattern.compile(
            "~?(SYN_SENT|SYN_RECV|ESTABLISHED|FIN_WAIT_1|FIN_WAIT_2|CLOSING|TIME_WAIT|CLOSE_WAIT|LAST_ACK)");

    private static final Pattern LOST = Pattern.compile("was lost|state changes were lost");

    private static final int ATTEMPTS = 4;

    @TempDir
    private Path temporary = Path.of("");

    @Test
    void bothEndsOfASimultaneousOpenGoThroughSynRecv() throws Exception {
        List<String> ladder = traced("run", "simultaneous-open", "--trace");
        assertThat(states(ladder, true)).containsExactly("SYN_SENT", "SYN_RECV", "ESTABLISHED");
        assertThat(states(ladder, false)).containsExactly("SYN_SENT", "SYN_RECV", "ESTABLISHED");
        assertThat(ladder)
                .filteredOn(line -> line.contains("held by 'SYN held'"))
                .hasSize(2);
    }

    @Test
    void bothEndsOfASimultaneousCloseGoThroughClosingAndOneOfTheControl() throws Exception {
        List<String> ladder = traced("run", "simultaneous-close", "--trace", "--capture");
        assertThat(states(ladder, true))
                .containsExactly("SYN_SENT", "ESTABLISHED", "FIN_WAIT_1", "CLOSING", "TIME_WAIT");
        assertThat(states(ladder, false))
                .containsExactly("SYN_RECV", "ESTABLISHED", "FIN_WAIT_1", "CLOSING", "TIME_WAIT");
        assertThat(sent(ladder)).isEqualTo(segmentsByTcpdump(ladder));

        List<String> control = Files.readAllLines(temporary.resolve("lab-results/latest/ladder-control.txt"));
        assertThat(states(control, true))
                .containsExactly("SYN_SENT", "ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "TIME_WAIT");
        assertThat(states(control, false)).containsExactly("SYN_RECV", "ESTABLISHED", "CLOSE_WAIT", "LAST_ACK");
    }

    @Test
    void withoutTracepointsStatesAreSeenBySockDiagAndThatIsTold() throws Exception {
        List<String> ladder;
        try (Program run = Program.startAsUser(
                Installation.copiedTo(temporary), temporary, "run", "simultaneous-close", "--trace")) {
            ladder = ladder(run.awaitEnd(), run.folder().resolve("lab-results/latest"));
        }
        assertThat(states(ladder, true)).endsWith("TIME_WAIT");
        assertThat(states(ladder, false)).endsWith("TIME_WAIT");
        assertThat(ladder).anyMatch(line -> line.startsWith("! ") && line.contains("by sock_diag only"));
    }

    @Test
    void anotherConnectionMayBeTracedOnAPlainLinkToo() throws Exception {
        List<String> ladder = traced("run", "linger-reset", "--set", "connections=20", "--trace-connection", "7");
        assertThat(ladder).anyMatch(line -> line.contains(" RST"));
        assertThat(states(ladder, true)).startsWith("SYN_SENT", "ESTABLISHED");
    }

    @Test
    void aConnectionThatWasNeverOpenedIsTold() throws Exception {
        List<String> ladder = traced("run", "simultaneous-open", "--trace-connection", "99");
        assertThat(ladder).first().isEqualTo("no such connection was opened");
    }

    /** The ladder of a run as root whose recording lost nothing that matters: perf withholds a sample now and then. */
    private List<String> traced(String... arguments) throws Exception {
        for (int attempt = 1; ; attempt++) {
            try (Program run = Program.start(temporary, arguments)) {
                Program.Ended ended = run.awaitEnd();
                Path results = temporary.resolve("lab-results/latest");
                boolean lost = Stream.of("ladder.txt", "ladder-control.txt", "result.json")
                        .anyMatch(file ->
                                LOST.matcher(text(results.resolve(file))).find());
                if (!lost || attempt == ATTEMPTS) {
                    return ladder(ended, results);
                }
            }
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> ladder(Program.Ended ended, Path results) throws IOException {
        assertThat(ended.code()).as(ended.err()).isZero();
        List<String> ladder = Files.readAllLines(results.resolve("ladder.txt"));
        assertThat(ended.out()).contains(ladder.getFirst());
        return ladder;
    }

    /** The states of the left side, or of the right one, in order; each line has one at the most. */
    private static List<String> states(List<String> ladder, boolean left) {
        return ladder.stream()
                .flatMap(line -> STATE.matcher(line).results())
                .filter(found -> found.start() < 14 == left)
                .map(found -> found.group(1))
                .toList();
    }

    private static long sent(List<String> ladder) {
        return ladder.stream()
                .filter(line -> line.contains(" seq ") && line.contains("──"))
                .count();
    }

    /** How many segments the capture has of the ladder's connection. */
    private long segmentsByTcpdump(List<String> ladder) throws Exception {
        String clientPort = ladder.getFirst().replaceFirst("(?s).*?:(\\d+) –.*", "$1");
        try (Stream<String> lines = Tcpdump.read(temporary.resolve("lab-results/latest/capture.pcapng")).stream()) {
            return lines.filter(line -> line.contains("." + clientPort + " ") || line.contains("." + clientPort + ":"))
                    .count();
        }
    }
}
