package io.tcplab.kernel.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tcplab.kernel.MalformedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of /proc/PID/stat (proc_pid_stat(5)). */
class ProcessStatTest {
    private static final String REST = " S 12 4711 4711 0 -1 4194560 16 0 0 0 150 25 0 0 20 0 1 0 98765 1 2 3";

    @Test
    void aNameMayHaveParenthesesAndBlanks() {
        assertThat(ProcessStat.parse("4711 (a) (b c)" + REST))
                .isEqualTo(new ProcessStat(4711, "a) (b c", TaskState.of('S'), 12, 175, 98_765));
        assertThat(ProcessStat.parse("1 ()" + REST).name()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "4711", "4711 (a S 1", "4711 a) S 1", "4711 )a(", "4711 (a)", "(a) S 1 2 3"})
    void whatIsNoSuchLineIsMalformed(String line) {
        assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> ProcessStat.parse(line));
    }
}
