package io.tcplab.report;

import io.tcplab.experiments.Role;
import io.tcplab.experiments.ladder.Ladder;
import io.tcplab.experiments.ladder.LadderEvent;
import io.tcplab.kernel.sockets.TcpState;
import io.tcplab.kernel.wire.Direction;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a ladder's parts stand in a picture: the client's states left, the server's right, segments between them, time going down. Time isn't
 * to scale, or a round trip would be invisible beside a retransmission: each event has a row, and a long silence a gap of its own. All lengths
 * are pixels of a picture that is {@link #WIDTH} wide. Pure.
 *
 * @param title whose connection it is
 * @param words all of it in a sentence, for those who don't see it
 */
record LadderDrawing(
        String title,
        String words,
        int height,
        List<Bar> bars,
        List<Arrow> arrows,
        List<Label> labels,
        List<Silence> silences,
        List<String> notes) {
    static final int WIDTH = 960;
    static final int CLIENT = 300;
    static final int SERVER = 660;

    private static final int TOP = 70;
    private static final int ROW = 20;
    private static final int SLANT = 12;
    private static final int GAP = 36;
    private static final int BELOW = 16;
    private static final long SILENCE_NANOS = 200_000_000L;
    private static final double NANOS = 1e9;

    /**
     * A state of one host's end.
     *
     * @param state as a style calls its colour: {@code close-wait}
     * @param seen whether sock_diag found it, so that it may have begun a little earlier
     */
    record Bar(int x, int from, int to, String name, String state, boolean seen) {
        boolean left() {
            return x == CLIENT;
        }

        private Bar until(int end) {
            return new Bar(x, from, Math.max(end, from + ROW), name, state, seen);
        }
    }

    /** How a segment's arrow looks, which is what became of it. */
    enum Shape {
        PASSED,
        LOST,
        LATE,
        /** One that no host sent. */
        MADE;

        /** As a style calls it. */
        String style() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A segment.
     *
     * @param words its flags and numbers
     * @param comment what the wire did to it; empty if nothing
     * @param at when it was sent, in seconds since the first event
     */
    record Arrow(int x1, int y1, int x2, int y2, Shape shape, String words, String comment, String at) {
        int middle() {
            return (x1 + x2) / 2;
        }

        /** Above the line. */
        int wordsY() {
            return (y1 + y2) / 2 - 7;
        }

        /** Its head, by reference; null if it never arrived. */
        @Nullable
        String tip() {
            return switch (shape) {
                case LOST -> null;
                case LATE -> "url(#open)";
                case PASSED, MADE -> "url(#tip)";
            };
        }

        boolean outward() {
            return x2 > x1;
        }

        /** All of it, for who steps through. */
        String told() {
            return "%s s, %s: %s%s"
                    .formatted(
                            at,
                            outward() ? "client to server" : "server to client",
                            words,
                            comment.isEmpty() ? "" : " (" + comment + ")");
        }
    }

    /** Text at one side: a time, or a counter that moved. */
    record Label(int x, int y, String text, String kind) {}

    /** Time in which nothing happened. */
    record Silence(int y, String text) {}

    static LadderDrawing of(Ladder ladder, String title) {
        return new Layout(ladder).drawing(title);
    }

    /** Lays events out one below the other. */
    private static final class Layout {
        private final Ladder ladder;
        private final long start;
        private final List<Bar> bars = new ArrayList<>();
        private final List<Arrow> arrows = new ArrayList<>();
        private final List<Label> labels = new ArrayList<>();
        private final List<Silence> silences = new ArrayList<>();
        private final Map<Role, Bar> open = new EnumMap<>(Role.class);
        private final Map<LadderEvent.Sent, Integer> onTheWay = new HashMap<>();
        private int y = TOP;
        private long before;
        private String lastTime = "";

        Layout(Ladder ladder) {
            this.ladder = ladder;
            start = ladder.events().isEmpty() ? 0 : ladder.events().getFirst().atNanos();
            before = start;
        }

        LadderDrawing drawing(String title) {
            LadderLines.brief(ladder.events()).forEach(this::add);
            y += ROW;
            List.copyOf(open.keySet()).forEach(this::end);
            String ends = ladder.connection().map(LadderText::text).orElse("no such connection was opened");
            return new LadderDrawing(
                    title + ": " + ends,
                    "%d segments, %d of them lost or late, in %s"
                            .formatted(
                                    arrows.size(),
                                    arrows.stream()
                                            .filter(arrow -> arrow.shape() != Shape.PASSED)
                                            .count(),
                                    Figures.seconds((before - start) / NANOS)),
                    y + 3 * ROW + ladder.notes().size() * ROW,
                    bars,
                    arrows,
                    labels,
                    silences,
                    ladder.notes());
        }

        private void add(LadderLines.Line line) {
            if (line.atNanos() - before > SILENCE_NANOS) {
                silences.add(new Silence(y + GAP / 2, Figures.seconds((line.atNanos() - before) / NANOS)));
                y += GAP;
            }
            before = Math.max(before, line.atNanos());
            switch (line) {
                case LadderLines.Event happened -> add(happened.event());
                case LadderLines.Elided left -> {
                    labels.add(new Label((CLIENT + SERVER) / 2, y + BELOW, "… " + left.text(), "left-out"));
                    y += GAP;
                }
            }
        }

        private void add(LadderEvent event) {
            switch (event) {
                case LadderEvent.Entered entered -> enter(entered);
                case LadderEvent.Counted counted -> {
                    boolean left = counted.host() == Role.CLIENT;
                    labels.add(new Label(
                            left ? CLIENT - 130 : SERVER + 130,
                            y + BELOW,
                            "%s +%,d".formatted(counted.name(), counted.by()),
                            left ? "counter left" : "counter"));
                    y += BELOW;
                }
                case LadderEvent.Sent sent -> send(sent);
                case LadderEvent.Arrived arrived -> {
                    time(arrived.atNanos());
                    y += ROW;
                    Integer from = onTheWay.remove(arrived.sent());
                    if (from != null) {
                        arrows.add(arrow(arrived.sent(), from, y, Shape.LATE));
                    }
                    y += SLANT;
                }
            }
        }

        private void enter(LadderEvent.Entered entered) {
            time(entered.atNanos());
            end(entered.host());
            if (entered.state() != TcpState.CLOSE) {
                open.put(
                        entered.host(),
                        new Bar(
                                entered.host() == Role.CLIENT ? CLIENT : SERVER,
                                y,
                                y,
                                entered.state().label(),
                                StateStyle.of(entered.state().label()),
                                entered.seen()));
            }
            y += ROW;
        }

        private void end(Role host) {
            Bar bar = open.remove(host);
            if (bar != null) {
                bars.add(bar.until(y));
            }
        }

        private void send(LadderEvent.Sent sent) {
            time(sent.atNanos());
            y += ROW;
            boolean late = sent.segment().arrivedLate();
            if (late) {
                onTheWay.put(sent, y);
            } else {
                arrows.add(arrow(sent, y, y + SLANT, shape(sent)));
            }
            y += SLANT + (sent.segment().comment().isEmpty() || late ? 0 : BELOW);
        }

        private static Shape shape(LadderEvent.Sent sent) {
            if (!sent.segment().delivered()) {
                return Shape.LOST;
            }
            return switch (sent.segment().verdict().kind()) {
                case INJECTED, COPIED -> Shape.MADE;
                default -> Shape.PASSED;
            };
        }

        private Arrow arrow(LadderEvent.Sent sent, int from, int to, Shape shape) {
            boolean outward = sent.segment().direction() == Direction.CLIENT_TO_SERVER;
            int x1 = outward ? CLIENT + 8 : SERVER - 8;
            int whole = outward ? SERVER - 8 : CLIENT + 8;
            int x2 = shape == Shape.LOST ? x1 + (whole - x1) * 3 / 4 : whole;
            return new Arrow(
                    x1,
                    from,
                    x2,
                    to,
                    shape,
                    LadderText.words(sent),
                    sent.segment().comment(),
                    seconds(sent.atNanos()));
        }

        private void time(long atNanos) {
            String now = seconds(atNanos);
            if (!now.equals(lastTime)) {
                labels.add(new Label(8, y + BELOW, now, "time"));
                lastTime = now;
            }
        }

        private String seconds(long atNanos) {
            return String.format(Locale.ROOT, "%.6f", (atNanos - start) / NANOS);
        }
    }
}
