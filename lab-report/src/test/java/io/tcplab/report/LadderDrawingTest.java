package io.tcplab.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.report.LadderDrawing.Arrow;
import io.tcplab.report.LadderDrawing.Bar;
import io.tcplab.report.LadderDrawing.Label;
import io.tcplab.report.LadderDrawing.Shape;
import io.tcplab.report.LadderDrawing.Silence;
import java.util.List;
import org.junit.jupiter.api.Test;

class LadderDrawingTest {
    private static final LadderDrawing DRAWING = LadderDrawing.of(LadderSamples.eventful(), "eventful");

    @Test
    void whatWasLostEndsOnTheWayAndWhatWasLateArrivesLower() {
        Arrow lost = shaped(Shape.LOST).getFirst();
        assertThat(lost.words()).isEqualTo("ACK seq 1 ack 1");
        assertThat(lost.comment()).isEqualTo("dropped by 'ACK lost'");
        assertThat(lost.x2()).isBetween(LadderDrawing.CLIENT + 100, LadderDrawing.SERVER - 50);
        Arrow late = shaped(Shape.LATE).getFirst();
        Arrow passed = shaped(Shape.PASSED).getFirst();
        assertThat(late.y2() - late.y1()).isGreaterThan(passed.y2() - passed.y1());
        assertThat(late.outward()).isFalse();
        assertThat(late.told()).startsWith("1.000200 s, server to client: FIN ACK seq 1 ack 1 (held by 'FIN held'");
    }

    @Test
    void statesStandOneBelowTheOtherAndEndWithTheConnection() {
        assertThat(DRAWING.bars())
                .filteredOn(Bar::left)
                .extracting(Bar::state)
                .containsExactly("syn-sent", "established");
        List<Bar> client = DRAWING.bars().stream().filter(Bar::left).toList();
        assertThat(client.getFirst().to()).isEqualTo(client.getLast().from());
        assertThat(DRAWING.bars())
                .filteredOn(bar -> !bar.left())
                .singleElement()
                .satisfies(bar -> {
                    assertThat(bar.state()).isEqualTo("syn-recv");
                    assertThat(bar.seen()).isTrue();
                });
    }

    @Test
    void longSilencesAreFoldedAndLongExchangesToldInALine() {
        assertThat(DRAWING.silences()).extracting(Silence::text).contains("1.0 s");
        assertThat(DRAWING.labels()).extracting(Label::text).anyMatch(text -> text.startsWith("… 6 segments in"));
        assertThat(DRAWING.labels())
                .filteredOn(label -> label.kind().equals("counter"))
                .extracting(Label::text)
                .containsExactly("TcpExtTCPTimeouts +1", "TcpRetransSegs +1,200");
    }

    @Test
    void nothingOverlapsTheEnd() {
        assertThat(DRAWING.arrows()).allMatch(arrow -> arrow.y2() < DRAWING.height());
        assertThat(DRAWING.bars()).allMatch(bar -> bar.to() < DRAWING.height());
        assertThat(DRAWING.notes()).containsExactly("a note");
    }

    @Test
    void aConnectionThatWasNeverOpenedIsSaidToBeNone() {
        LadderDrawing none = LadderDrawing.of(LadderSamples.none(), "half-open");
        assertThat(none.title()).isEqualTo("half-open: no such connection was opened");
        assertThat(none.arrows()).isEmpty();
    }

    private static List<Arrow> shaped(Shape shape) {
        return DRAWING.arrows().stream().filter(arrow -> arrow.shape() == shape).toList();
    }
}
