package io.tcplab.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.diagnose.causes.Certainty;
import io.tcplab.diagnose.sample.Activity;
import io.tcplab.diagnose.sample.Settings;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.SocketTimer;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whatever was seen: no sentence says more than the figures beside it. The looks are made up at random, each by its seed. */
class FiguresTest {
    private static final int SEEDS = 400;
    private static final int LOOKS = 5;

    private static final List<String> COUNTERS = List.of(
            "TcpOutRsts",
            "TcpActiveOpens",
            "TcpPassiveOpens",
            "TcpAttemptFails",
            "TcpExtTCPAbortOnClose",
            "TcpExtTCPAbortOnData",
            "TcpExtTCPAbortOnTimeout",
            "TcpExtTCPAbortOnMemory",
            "TcpExtTCPAbortOnLinger",
            "TcpExtTCPReqQFullDoCookies",
            "TcpExtTCPReqQFullDrop",
            "TcpExtSyncookiesSent",
            "TcpExtSyncookiesRecv",
            "TcpExtListenDrops",
            "TcpExtListenOverflows",
            "TcpExtTCPTimeWaitOverflow",
            "TcpExtTCPDeferAcceptDrop",
            "IcmpInDestUnreachs");

    private static final List<SocketTimer.Kind> KINDS = List.copyOf(EnumSet.allOf(SocketTimer.Kind.class));

    private static final Pattern PART = Pattern.compile("(?<![\\d.,:])(\\d[\\d,]*) of (\\d[\\d,]*)(?![\\d.:])");
    private static final Pattern NOTHING =
            Pattern.compile("(from|to) 0 (address|destination)|\\b0 (connections? ended|handshakes?"
                    + " (from|failed)|connects?\\b|sockets? is)");
    private static final Pattern RST = Pattern.compile("^([\\d,]+) connections? ended by RST");

    @Test
    void noSentenceSaysMoreThanItsFigures() {
        for (int seed = 0; seed < SEEDS; seed++) {
            assertFiguresFit(new Random(seed));
        }
    }

    private static void assertFiguresFit(Random random) {
        Map<String, Long> before = new HashMap<>();
        Map<String, Long> after = new HashMap<>();
        Diagnosis diagnosis = looks(random, before, after).diagnosis();
        long rsts = after.getOrDefault("TcpOutRsts", 0L) - before.getOrDefault("TcpOutRsts", 0L);
        List<String> sentences = new ArrayList<>(diagnosis.observations());
        diagnosis.findings().forEach(finding -> {
            assertThat(finding.title()).doesNotStartWith("0 ");
            assertThat(finding.rivals().isEmpty())
                    .as("certain if no rival is left, and only then: %s", finding)
                    .isEqualTo(finding.certainty() == Certainty.CERTAIN);
            sentences.add(finding.title());
            sentences.addAll(finding.evidence());
            sentences.add(finding.because());
        });
        assertThat(sentences).as(diagnosis.text()).allSatisfy(sentence -> {
            assertThat(NOTHING.matcher(sentence).find()).as(sentence).isFalse();
            assertPartsFit(sentence);
            Matcher rst = RST.matcher(sentence);
            if (rst.find()) {
                assertThat(number(rst.group(1))).as(sentence).isLessThanOrEqualTo(rsts);
            }
            if (sentence.contains("(MPTCP)")) {
                assertThat(sentence).contains(" of memory");
            }
            if (sentence.contains("SYN_SENT,") || sentence.contains("SYN_RECV,")) {
                assertThat(sentence).doesNotContain("silent for");
            }
        });
        assertThat(Looks.causes(diagnosis)).as(diagnosis.text()).satisfies(FiguresTest::assertTogether);
    }

    /** What excludes each other isn't found together. */
    private static void assertTogether(List<? extends String> causes) {
        assertThat(causes.stream()
                        .filter(cause -> cause.startsWith("syn-") && !cause.equals("syn-unanswered"))
                        .toList())
                .hasSizeLessThanOrEqualTo(1);
    }

    private static void assertPartsFit(String sentence) {
        Matcher part = PART.matcher(sentence);
        while (part.find()) {
            assertThat(number(part.group(1))).as(sentence).isLessThanOrEqualTo(number(part.group(2)));
        }
    }

    private static long number(String digits) {
        return Long.parseLong(digits.replace(",", ""));
    }

    private static Looks looks(Random random, Map<String, Long> before, Map<String, Long> after) {
        Looks looks = new Looks()
                .sysctl(Settings.PORT_RANGE, random.nextBoolean() ? "40000 40063" : "32768 60999")
                .sysctl(Settings.SYNCOOKIES, Integer.toString(random.nextInt(3)))
                .sysctl(Settings.SYN_BACKLOG, "16")
                .sysctl(Settings.TW_REUSE, Integer.toString(random.nextInt(3)));
        List<SocketRow> all = new ArrayList<>();
        int sockets = random.nextInt(80);
        for (int number = 0; number < sockets; number++) {
            all.add(socket(random, number));
        }
        for (int look = 0; look < LOOKS; look++) {
            for (String counter : COUNTERS) {
                long value = after.getOrDefault(counter, 0L) + (random.nextInt(3) == 0 ? random.nextInt(40) : 0);
                after.put(counter, value);
                looks.counter(counter, value);
            }
            if (look == 0) {
                before.putAll(after);
            }
            List<SocketRow> some = new ArrayList<>(List.of(Sockets.listener(random.nextInt(5), random.nextInt(8))));
            all.stream().filter(socket -> random.nextInt(8) > 0).forEach(some::add);
            looks.after(Duration.ofSeconds(1), some);
        }
        return looks;
    }

    private static SocketRow socket(Random random, int number) {
        List<TcpState> states =
                List.copyOf(EnumSet.complementOf(EnumSet.of(TcpState.CLOSE, TcpState.NEW_SYN_RECV, TcpState.LISTEN)));
        TcpState state = states.get(random.nextInt(states.size()));
        if (state == TcpState.SYN_RECV) {
            return Sockets.request(number, random.nextInt(5000), random.nextInt(4))
                    .row();
        }
        Sockets socket = random.nextBoolean() ? Sockets.accepted(state, number, 0) : Sockets.opened(state, number, 0);
        if (state == TcpState.TIME_WAIT) {
            return socket.minisocket(random.nextInt(60_000)).row();
        }
        boolean opening = state == TcpState.SYN_SENT;
        Sockets busy = socket.timer(KINDS.get(random.nextInt(KINDS.size())), random.nextInt(4))
                .firesIn(random.nextInt(30_000))
                .unread(random.nextInt(3) == 0 ? random.nextInt(1000) : 0)
                .unsent(random.nextInt(3) == 0 ? random.nextInt(1000) : 0)
                .activity(activity(random, opening));
        Sockets held = random.nextInt(4) == 0 ? busy.unheld() : busy;
        return random.nextInt(5) == 0 ? held.mptcp() : held.row();
    }

    private static Activity activity(Random random, boolean opening) {
        long sent = opening ? -1 : random.nextInt(100_000);
        long received = opening ? -1 : random.nextInt(100_000);
        long acked = opening ? -1 : random.nextInt(100_000);
        return new Activity(sent, received, acked, 101, 100, 0, 0, 65_535, 204_000, random.nextInt(9), 7, -1);
    }
}
