package io.tcplab.report;

import io.tcplab.diagnose.Check;
import io.tcplab.diagnose.Diagnosis;
import io.tcplab.diagnose.SocketListing;
import io.tcplab.diagnose.Threshold;
import io.tcplab.diagnose.causes.Certainty;
import io.tcplab.diagnose.causes.Finding;
import io.tcplab.diagnose.causes.Rival;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

final class DiagnosisSamples {
    private DiagnosisSamples() {}

    static Diagnosis diagnosis() {
        return diagnosis(
                List.of(
                        new Finding(
                                "eof-read-not-closed",
                                "5 connections that the peer has closed: \"nothing\" is unread",
                                Optional.of(TcpState.CLOSE_WAIT),
                                5,
                                2,
                                Certainty.LIKELY,
                                "the loop watches other sockets",
                                List.of(new Rival("idle-pool", "whether they go when the pool is used")),
                                List.of("127.0.0.1:19000 with 127.0.0.1:48602: CLOSE_WAIT", "fd 115 of 4129 (java)"),
                                "Find where the program handles end of stream.",
                                "close-wait-leak"),
                        new Finding(
                                "unread",
                                "64 KiB wait in Recv-Q",
                                Optional.empty(),
                                1,
                                0,
                                Certainty.POSSIBLE,
                                "its thread waits for a lock",
                                List.of(),
                                List.of("Recv-Q 65536"),
                                "Read it.",
                                "",
                                "paused")),
                true);
    }

    /** Nothing was found, and not all could be seen. */
    static Diagnosis blind() {
        return diagnosis(List.of(), false);
    }

    static SocketListing sockets() {
        return sockets("4711 (nginx)");
    }

    /** Some of more; an owner's name may be anything. */
    static SocketListing sockets(String owner) {
        List<SocketListing.Row> rows = new ArrayList<>();
        rows.add(new SocketListing.Row(TcpState.LISTEN, false, owner, "0.0.0.0:80", "", 2, 511, OptionalLong.empty()));
        for (int i = 1; i <= 11; i++) {
            rows.add(new SocketListing.Row(
                    i % 2 == 0 ? TcpState.CLOSE_WAIT : TcpState.ESTABLISHED,
                    i == 3,
                    i == 4 ? "unowned" : owner,
                    "10.0.0.1:80",
                    "10.0.0." + i + ":" + (1024 - i),
                    i * 500L,
                    0,
                    OptionalLong.of(i * 1_500L)));
        }
        return new SocketListing(12_345, rows);
    }

    static Check check() {
        return new Check(
                List.of(
                        new Check.Measure(Threshold.parse("CLOSE_WAIT=0"), OptionalLong.of(5), 7, Check.Verdict.BROKEN),
                        new Check.Measure(Threshold.parse("fds=9"), OptionalLong.empty(), 0, Check.Verdict.UNKNOWN)),
                diagnosis());
    }

    private static Diagnosis diagnosis(List<Finding> findings, boolean conclusive) {
        return new Diagnosis(
                "process 4711 (nginx)",
                Duration.ofMillis(10_004),
                41,
                Map.of(TcpState.LISTEN, 1, TcpState.CLOSE_WAIT, 5, TcpState.ESTABLISHED, 3),
                2,
                findings,
                List.of("2 sockets are MPTCP's"),
                List.of("CLOSE_WAIT that stays", "full accept queues"),
                List.of("other users' processes"),
                conclusive,
                Duration.ofMillis(3),
                Duration.ofMillis(1_250));
    }
}
