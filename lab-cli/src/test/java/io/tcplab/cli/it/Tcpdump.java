package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** What tcpdump makes of a file. */
final class Tcpdump {
    private Tcpdump() {}

    /** A line for each IP packet; a file that isn't whole fails. */
    static List<String> read(Path file) throws IOException, InterruptedException {
        Process tcpdump = new ProcessBuilder("tcpdump", "-nn", "-t", "-S", "-r", file.toString())
                .redirectErrorStream(true)
                .start();
        List<String> lines = new String(tcpdump.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(tcpdump.waitFor()).as(String.join("\n", lines)).isZero();
        assertThat(lines).noneMatch(line -> line.contains("truncated"));
        return lines.stream().filter(line -> line.startsWith("IP ")).toList();
    }
}
