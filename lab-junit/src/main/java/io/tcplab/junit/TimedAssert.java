package io.tcplab.junit;

import io.tcplab.kernel.sockets.TcpSocket;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An assertion about sockets that lacks only its time. {@link #within}, {@link #throughout} or {@link #now} end it, and only
 * they ask the kernel: without one of them nothing would be asserted. So the next assertion on this thread, and the end
 * of a test in a cell, complain about one without an end.
 */
public final class TimedAssert {
    private static final ThreadLocal<@Nullable TimedAssert> UNFINISHED = new ThreadLocal<>();

    private final TcpSocketsAssert owner;
    private final TcpSockets sockets;
    private final SocketExpectation expectation;

    TimedAssert(TcpSocketsAssert owner, TcpSockets sockets, SocketExpectation expectation) {
        this.owner = owner;
        this.sockets = sockets;
        this.expectation = expectation;
        UNFINISHED.set(this);
    }

    static void requireNoneUnfinished() {
        TimedAssert unfinished = UNFINISHED.get();
        UNFINISHED.remove();
        if (unfinished != null) {
            throw new IllegalStateException(
                    "an assertion was begun and has no end, so it asserted nothing: %s should have %s; "
                                    .formatted(unfinished.subject(), unfinished.expectation.what())
                            + "add .within(duration), .throughout(duration) or .now()");
        }
    }

    /** It becomes true before the time is over; the first moment in which it is so ends the wait. */
    public TcpSocketsAssert within(Duration time) {
        return look(" within " + Durations.text(time), time, true);
    }

    /** It is true now, and at each look until the time is over, some hundred times a second. */
    public TcpSocketsAssert throughout(Duration time) {
        return look(" throughout " + Durations.text(time), time, false);
    }

    /** It is true now. */
    public TcpSocketsAssert now() {
        return look(" now", Duration.ZERO, true);
    }

    private TcpSocketsAssert look(String when, Duration time, boolean untilMet) {
        UNFINISHED.remove();
        Patience patience = Patience.of(time);
        List<TcpSocket> counted;
        boolean met;
        do {
            counted = expectation.counted(sockets.census());
            met = expectation.isMet(counted);
        } while (met != untilMet && waitForNextLook(patience));
        if (!met) {
            owner.fail(message(when, counted));
        }
        return owner;
    }

    private String message(String when, List<TcpSocket> counted) {
        String expected = "Expecting %s to have %s%s".formatted(subject(), expectation.what(), when);
        return FailureMessage.of(
                expected, sockets, counted, expectation.selection().port());
    }

    private String subject() {
        return "the sockets of " + sockets.owner() + expectation.selection().words();
    }

    private static boolean waitForNextLook(Patience patience) {
        try {
            return patience.waitForNextLook();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for sockets", e);
        }
    }
}
