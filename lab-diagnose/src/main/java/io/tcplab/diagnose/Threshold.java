package io.tcplab.diagnose;

import io.tcplab.diagnose.causes.Membership;
import io.tcplab.diagnose.sample.ProcessSample;
import io.tcplab.diagnose.sample.Sample;
import io.tcplab.kernel.Nearest;
import io.tcplab.kernel.limits.FdLimit;
import io.tcplab.kernel.sockets.TcpState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A number that may not be exceeded.
 *
 * @param name a state's name, "accept-queue" or "fds"
 * @param most the largest value that is all right
 */
public record Threshold(String name, long most) {
    private static final String ACCEPT_QUEUE = "accept-queue";
    private static final String FDS = "fds";

    /** At most this many sockets in a state. */
    public static Threshold of(TcpState state, long most) {
        return new Threshold(state.label(), most);
    }

    /**
     * Reads {@code CLOSE_WAIT=0}. States are named as RFC 9293 does or as ss does, in any case.
     *
     * @throws IllegalArgumentException saying what is wrong and naming the nearest choice
     */
    public static Threshold parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not a threshold; write NAME=NUMBER, such as" + " CLOSE_WAIT=0");
        }
        String wanted = text.substring(0, equals).strip();
        String name = names().stream()
                .filter(known -> canonical(known).equals(canonical(wanted)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown threshold " + wanted
                        + Nearest.hint(wanted, names()) + "; known ones are " + String.join(", ", names())));
        return new Threshold(name, most(text.substring(equals + 1).strip(), text));
    }

    /** What can be limited. */
    public static List<String> names() {
        List<String> names = new ArrayList<>();
        Arrays.stream(TcpState.values())
                .filter(TcpState.reported()::contains)
                .filter(state -> state != TcpState.LISTEN)
                .forEach(state -> names.add(state.label()));
        names.add(ACCEPT_QUEUE);
        names.add(FDS);
        return names;
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return name + "=" + most;
    }

    /** The value in a sample; empty if that sample doesn't tell. */
    OptionalLong measure(Sample sample, Membership membership) {
        return switch (name) {
            case ACCEPT_QUEUE ->
                OptionalLong.of(sample.sockets().stream()
                        .filter(socket -> socket.state() == TcpState.LISTEN && membership.has(socket))
                        .mapToLong(socket -> socket.recvQueue())
                        .max()
                        .orElse(0));
            case FDS ->
                sample.processes().values().stream()
                        .filter(process -> membership.isOfTarget(process.stat().id()))
                        .map(ProcessSample::descriptors)
                        .flatMap(Optional::stream)
                        .mapToLong(FdLimit::used)
                        .max();
            default ->
                OptionalLong.of(sample.sockets().stream()
                        .filter(socket -> socket.state().label().equals(name) && membership.has(socket))
                        .count());
        };
    }

    private static long most(String number, String text) {
        try {
            long most = Long.parseLong(number);
            if (most >= 0) {
                return most;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\": \"" + number + "\" is not a whole number", e);
        }
        throw new IllegalArgumentException("\"" + text + "\": a threshold must be 0 or more");
    }

    /** ss says FIN-WAIT-2, ESTAB and SYN-RECV. */
    private static String canonical(String name) {
        String letters = name.toUpperCase(Locale.ROOT).replaceAll("[-_]", "");
        return letters.equals("ESTAB") ? "ESTABLISHED" : letters;
    }
}
