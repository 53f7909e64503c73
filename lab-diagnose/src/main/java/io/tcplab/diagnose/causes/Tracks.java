package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.Difference;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The sockets of a window of looks, in states in which sockets get stuck. A look costs what it changes. */
final class Tracks {
    /** Not TIME_WAIT, of which there are hundreds of thousands, and which has no cookie of its own. */
    private static final Set<TcpState> FOLLOWED = EnumSet.complementOf(EnumSet.of(TcpState.TIME_WAIT, TcpState.LISTEN));

    private final Map<Long, Track> byCookie = new HashMap<>();
    private final Deque<Event> arrivals = new ArrayDeque<>();
    private final Deque<Event> departures = new ArrayDeque<>();
    private long begin;
    private long end;
    private boolean ambiguous;

    /** A socket of which a look saw something new, or for the last time something old. */
    private record Event(long cookie, Track track, long atNanos) {}

    /** Of a window that begins with this look, which is still to be seen. */
    Tracks(long begin) {
        this.begin = begin;
        this.end = begin;
    }

    /** Whether a row is of a socket that is followed. */
    static boolean follow(SocketRow row) {
        return row.cookie() != 0 && FOLLOWED.contains(row.state());
    }

    /** The next look, and how it differs from the one before; the first differs from nothing. */
    void see(Difference difference, long now) {
        difference.gone().stream().filter(Tracks::follow).forEach(this::vanish);
        difference.came().stream().filter(Tracks::follow).forEach(row -> appear(row, now));
        difference.gone().stream().filter(Tracks::follow).forEach(this::depart);
        end = now;
    }

    /** The window begins at this look from now on. */
    void beginAt(long nanos) {
        begin = nanos;
        while (!arrivals.isEmpty() && arrivals.getFirst().atNanos <= begin) {
            arrivals.removeFirst();
        }
        while (!departures.isEmpty() && departures.getFirst().atNanos < begin) {
            Event old = departures.removeFirst();
            if (!old.track.isPresent() && !old.track.forgetBefore(begin)) {
                byCookie.remove(old.cookie, old.track);
            }
        }
    }

    /** When the first look of the window was. */
    long begin() {
        return begin;
    }

    /** When the last look was. */
    long end() {
        return end;
    }

    /**
     * Whether a look saw two rows of one socket, as may be if the kernel's table changed meanwhile (NLM_F_DUMP_INTR). Which of them counts
     * depends on the looks before, so the window has to be gone through anew when it moves on.
     */
    boolean isAmbiguous() {
        return ambiguous;
    }

    /** What is known of a socket; empty if it isn't followed, or no look saw it as the target's. */
    Optional<SocketLife> life(long cookie, Predicate<SocketRow> isOfTarget) {
        Track track = byCookie.get(cookie);
        return track == null ? Optional.empty() : track.life(begin, end, isOfTarget);
    }

    /** Those that the first look didn't see in the state in which they are now, or were last seen. */
    List<SocketLife> arrived(Predicate<SocketRow> isOfTarget) {
        return lives(arrivals, isOfTarget)
                .filter(life -> life.firstNanos() > begin)
                .toList();
    }

    /** Those that the last look no longer saw, or not as the target's; by cookie, whatever was seen first. */
    List<SocketLife> gone(Predicate<SocketRow> isOfTarget) {
        return lives(departures, isOfTarget)
                .filter(life -> life.lastNanos() < end)
                .sorted(Comparator.comparingLong(life -> life.last().cookie()))
                .toList();
    }

    private Stream<SocketLife> lives(Deque<Event> events, Predicate<SocketRow> isOfTarget) {
        return events.stream()
                .map(Event::track)
                .distinct()
                .flatMap(track -> track.life(begin, end, isOfTarget).stream());
    }

    private void vanish(SocketRow row) {
        Track track = byCookie.get(row.cookie());
        if (track != null && track.isPresentAs(row)) {
            track.vanish(end);
        } else {
            ambiguous = true;
        }
    }

    private void appear(SocketRow row, long now) {
        Track track = byCookie.computeIfAbsent(row.cookie(), cookie -> new Track());
        if (track.isPresent()) {
            ambiguous = true;
            return;
        }
        track.forgetBefore(begin);
        track.appear(row, now);
        if (!track.goesOn(end) || !track.keepsInode()) {
            arrivals.add(new Event(row.cookie(), track, now));
        }
        if (!track.keepsInode()) {
            departures.add(new Event(row.cookie(), track, end));
        }
    }

    private void depart(SocketRow row) {
        Track track = byCookie.get(row.cookie());
        if (track != null && !track.isPresent()) {
            departures.add(new Event(row.cookie(), track, end));
        }
    }
}
