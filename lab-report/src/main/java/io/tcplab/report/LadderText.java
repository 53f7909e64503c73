package io.tcplab.report;

import io.tcplab.experiments.Role;
import io.tcplab.experiments.ladder.Endpoints;
import io.tcplab.experiments.ladder.Ladder;
import io.tcplab.experiments.ladder.LadderEvent;
import io.tcplab.kernel.wire.Direction;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;

/**
 * A connection as a sequence diagram in text: the client's states left, the server's right, what crossed the link between
 * them, time going down.
 */
public final class LadderText {
    /** So wide that an arrow has room for its words, and no wider than one can follow it. */
    private static final int NARROWEST = 80;

    private static final int WIDEST = 110;
    private static final int TIME_WIDTH = 12;
    private static final String NO_TIME = " ".repeat(TIME_WIDTH);
    /** The longest name, ESTABLISHED, and the mark of what was only seen. */
    private static final int STATE_WIDTH = 13;

    private final int arrow;

    /**
     * A diagram.
     *
     * @param width of the terminal or the page, in columns
     */
    public LadderText(int width) {
        this.arrow = Math.clamp(width, NARROWEST, WIDEST) - 1 - TIME_WIDTH - 2 * STATE_WIDTH;
    }

    /** All of a ladder, several lines, the last of them ended. */
    public String whole(Ladder ladder) {
        return text(ladder, LadderLines.all(ladder.events()));
    }

    /** A ladder in which long exchanges of data are told in a line. */
    public String brief(Ladder ladder) {
        return text(ladder, LadderLines.brief(ladder.events()));
    }

    private String text(Ladder ladder, List<LadderLines.Line> lines) {
        StringBuilder out = new StringBuilder();
        ladder.connection()
                .ifPresentOrElse(ends -> head(out, ends), () -> out.append("no such connection was opened\n"));
        long start = lines.isEmpty() ? 0 : lines.getFirst().atNanos();
        String before = "";
        for (LadderLines.Line line : lines) {
            String now = String.format(Locale.ROOT, "%10.6f  ", (line.atNanos() - start) / 1e9);
            String time = now.equals(before) ? NO_TIME : now;
            before = now;
            switch (line) {
                case LadderLines.Event happened -> row(out, time, happened.event());
                case LadderLines.Elided left -> line(out, time, "", centred("… " + left.text()), "");
            }
        }
        ladder.notes().forEach(note -> out.append("! ").append(note).append('\n'));
        return out.toString();
    }

    private void head(StringBuilder out, Endpoints ends) {
        line(out, " ".repeat(TIME_WIDTH - 9) + "seconds  ", "client", centred(text(ends)), "server");
    }

    private void row(StringBuilder out, String time, LadderEvent event) {
        switch (event) {
            case LadderEvent.Entered entered -> {
                String state = (entered.seen() ? "~" : "") + entered.state().label();
                boolean left = entered.host() == Role.CLIENT;
                line(out, time, left ? state : "", "", left ? "" : state);
            }
            case LadderEvent.Counted counted -> {
                String count = "%s +%,d".formatted(counted.name(), counted.by());
                boolean left = counted.host() == Role.CLIENT;
                line(out, time, "", left ? count : " ".repeat(Math.max(0, arrow - count.length())) + count, "");
            }
            case LadderEvent.Sent sent -> {
                line(out, time, "", Arrow.sent(sent, arrow), "");
                String comment = sent.segment().comment();
                if (!comment.isEmpty()) {
                    line(out, NO_TIME, "", centred("(" + comment + ")"), "");
                }
            }
            case LadderEvent.Arrived arrived -> line(out, time, "", Arrow.arrived(arrived.sent(), arrow), "");
        }
    }

    private void line(StringBuilder out, String time, String client, String middle, String server) {
        String row = time + pad(client, STATE_WIDTH) + pad(middle, arrow) + " " + server;
        out.append(row.stripTrailing()).append('\n');
    }

    private String centred(String text) {
        return " ".repeat(Math.max(0, (arrow - text.length()) / 2)) + text;
    }

    /** {@code 10.2.38.1:42058 – 10.2.38.101:37265}. */
    static String text(Endpoints ends) {
        return text(ends.client()) + " – " + text(ends.server());
    }

    private static String text(InetSocketAddress end) {
        return end.getAddress().getHostAddress() + ":" + end.getPort();
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    /** A segment as an arrow: {@code ── SYN seq 0 ───▶}, and {@code ── ACK ack 1 ──✗} if it never arrived. */
    private static final class Arrow {
        private static final String LINE = "─";
        private static final String LATER = "┄";

        static String sent(LadderEvent.Sent sent, int width) {
            boolean late = sent.segment().arrivedLate();
            boolean lost = !sent.segment().delivered();
            return draw(sent, width, LINE, late || lost, late ? LATER : lost ? "✗" : "");
        }

        static String arrived(LadderEvent.Sent sent, int width) {
            return draw(sent, width, LATER, false, "");
        }

        private static String draw(LadderEvent.Sent sent, int width, String line, boolean half, String end) {
            boolean outward = sent.segment().direction() == Direction.CLIENT_TO_SERVER;
            String tip = !end.isEmpty() ? end : outward ? "▶" : "◀";
            String words = " " + words(sent) + " ";
            int whole = width - 2 - words.length() - 1;
            String shaft = line.repeat(Math.max(1, half ? whole / 2 : whole));
            String arrow = outward ? line.repeat(2) + words + shaft + tip : tip + shaft + words + line.repeat(2);
            return outward ? arrow : " ".repeat(Math.max(0, width - arrow.length())) + arrow;
        }
    }

    /** {@code SYN ACK seq 0 ack 1}, and the length of what it carries. */
    static String words(LadderEvent.Sent sent) {
        var segment = sent.segment().segment();
        StringBuilder words = new StringBuilder(SegmentNames.of(segment));
        words.append(" seq ").append(sent.sequence());
        sent.acknowledgment().ifPresent(number -> words.append(" ack ").append(number));
        if (segment.payloadLength() > 0) {
            words.append(" len ").append(segment.payloadLength());
        }
        return words.toString();
    }
}
