package io.tcplab.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TiedTest {
    @Test
    void startsTheCommandWithItsArguments() throws Exception {
        Process process = new ProcessBuilder(Tied.to("printf", "%s|", "a b", "$c")).start();
        assertThat(process.inputReader().readLine()).isEqualTo("a b|$c|");
        assertThat(process.waitFor()).isZero();
    }

    /** A shell between them stands for the process that inherits a child whose lab was killed before the signal was set. */
    @Test
    void startsNothingIfTheLabIsGone() throws Exception {
        List<String> orphaned = new ArrayList<>(List.of("sh", "-c", "\"$@\"; echo ended", "sh"));
        orphaned.addAll(Tied.to("echo", "started"));
        Process process = new ProcessBuilder(orphaned).start();
        assertThat(process.inputReader().readLine()).isEqualTo("ended");
        process.waitFor();
    }
}
