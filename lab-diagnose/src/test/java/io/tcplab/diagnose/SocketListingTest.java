package io.tcplab.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SocketListingTest {
    private static final SocketRow LISTENER = Sockets.listener(3, 128);

    @Test
    void ofManyEachStateHasSomeAndAStateWithFewAll() {
        List<SocketRow> sockets = new ArrayList<>(List.of(LISTENER));
        for (int i = 0; i < 1_000; i++) {
            sockets.add(
                    Sockets.opened(TcpState.TIME_WAIT, i, 0).minisocket(30_000).row());
            sockets.add(Sockets.accepted(TcpState.ESTABLISHED, i, i).row());
        }
        sockets.add(Sockets.accepted(TcpState.CLOSE_WAIT, 5_000, 90_000).row());
        SocketListing listing = listing(sockets, 100);
        assertThat(listing.total()).isEqualTo(2_002);
        assertThat(listing.rows()).hasSize(100);
        assertThat(count(listing, TcpState.LISTEN)).isEqualTo(1);
        assertThat(count(listing, TcpState.CLOSE_WAIT)).isEqualTo(1);
        assertThat(count(listing, TcpState.TIME_WAIT)).isEqualTo(49);
        assertThat(count(listing, TcpState.ESTABLISHED)).isEqualTo(49);
    }

    @Test
    void theFullestQueuesAndTheLongestSilenceComeFirst() {
        SocketListing listing = listing(
                List.of(
                        Sockets.accepted(TcpState.ESTABLISHED, 1, 100).row(),
                        Sockets.accepted(TcpState.ESTABLISHED, 2, 9_000).row(),
                        Sockets.accepted(TcpState.ESTABLISHED, 3, 10).unread(5).row()),
                2);
        assertThat(listing.rows()).extracting(SocketListing.Row::recvQueue).containsExactly(5L, 0L);
        assertThat(listing.rows().getLast().silentMillis()).hasValue(9_000);
    }

    @Test
    void namesEachOwnerOrSaysThatThereIsNoneOrThatItIsUnknown() {
        SocketRow held = Sockets.accepted(TcpState.ESTABLISHED, 1, 0).row();
        SocketRow unseen = Sockets.accepted(TcpState.ESTABLISHED, 2, 0).row();
        SocketRow orphan = Sockets.accepted(TcpState.LAST_ACK, 3, 0).unheld().row();
        List<SocketRow> all = List.of(LISTENER, held, unseen, orphan);
        Look look = new Looks()
                .holders(held, Looks.PID, 8, 9, 10)
                .after(Duration.ZERO, all)
                .look();
        assertThat(SocketListing.of(look, 10).rows())
                .extracting(SocketListing.Row::owner)
                .containsExactlyInAnyOrder("unknown", "7, 8, 9 and 1 more", "unknown", "unowned");
        assertThat(SocketListing.of(look, 10).rows())
                .filteredOn(row -> row.state() == TcpState.LISTEN)
                .extracting(SocketListing.Row::peer)
                .containsExactly("");
    }

    private static long count(SocketListing listing, TcpState state) {
        return listing.rows().stream().filter(row -> row.state() == state).count();
    }

    private static SocketListing listing(List<SocketRow> sockets, int most) {
        return SocketListing.of(new Looks().after(Duration.ZERO, sockets).look(), most);
    }
}
