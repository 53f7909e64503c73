package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.SocketRow;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The target's sockets over the samples, in states in which sockets get stuck. What rests isn't gone through. */
final class Lives {
    private final Tracks tracks;
    private final Membership membership;
    private final List<SocketRow> sockets;
    /** Whether some sample has ages by tcp_info. */
    private final boolean asked;

    private final Once<List<SocketLife>> gone = new Once<>(this::findGone);
    private final Once<List<SocketLife>> arrived = new Once<>(this::findArrived);
    private final Once<Map<Long, Long>> arrivals = new Once<>(this::findArrivals);

    /**
     * Of the looks of a window.
     *
     * @param sockets the target's in the last look
     */
    Lives(Tracks tracks, Membership membership, List<SocketRow> sockets, List<Indexed> looks) {
        this.tracks = tracks;
        this.membership = membership;
        this.sockets = sockets;
        this.asked = looks.stream().anyMatch(Indexed::asked);
    }

    /** What is known of a socket besides its last row; empty if it is in another state, or was never the target's. */
    Optional<SocketLife> of(SocketRow socket) {
        return tracks.life(socket.cookie(), membership::had);
    }

    /** For at least this long nothing has come from the peer, by the last sample's word, or else by what was said and seen before. */
    Duration silence(SocketRow socket) {
        long silentMillis = socket.silentMillis(tracks.end());
        if (silentMillis >= 0) {
            return Duration.ofMillis(silentMillis);
        }
        return asked ? of(socket).map(SocketLife::silentFor).orElse(Duration.ZERO) : Duration.ZERO;
    }

    /** Whether a socket of the last sample wasn't in its state at the first, as far as is known. */
    boolean isNew(SocketRow socket) {
        return !Tracks.follow(socket) || arrivals.get().containsKey(socket.cookie());
    }

    /** Whether a socket of the last sample was seen in its state for this long. What didn't arrive was there at the first look. */
    boolean wasSeenFor(SocketRow socket, Duration time) {
        long latest = tracks.end() - time.toNanos();
        return tracks.begin() <= latest
                && Tracks.follow(socket)
                && arrivals.get().getOrDefault(socket.cookie(), latest) <= latest;
    }

    /** Those that the last sample has. */
    Stream<SocketLife> present() {
        return sockets.stream().filter(Tracks::follow).flatMap(socket -> of(socket).stream());
    }

    /** Those that the last sample no longer has. */
    List<SocketLife> gone() {
        return gone.get();
    }

    /** Those that the first sample didn't have in the state in which they were last seen. */
    List<SocketLife> arrived() {
        return arrived.get();
    }

    private List<SocketLife> findGone() {
        return tracks.gone(membership::had);
    }

    private List<SocketLife> findArrived() {
        return tracks.arrived(membership::had);
    }

    /** By cookie, when they were first seen in that state. */
    private Map<Long, Long> findArrivals() {
        Map<Long, Long> found = new HashMap<>();
        arrived().forEach(life -> found.put(life.last().cookie(), life.firstNanos()));
        return found;
    }
}
