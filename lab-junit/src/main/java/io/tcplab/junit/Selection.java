package io.tcplab.junit;

import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.TcpSocket;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * Which sockets are meant.
 *
 * @param words as a part of a sentence, with a space before; empty for all
 * @param matches whether a socket is meant
 * @param port to which a diagnosis can be limited
 */
record Selection(String words, Predicate<TcpSocket> matches, OptionalInt port) {
    static final Selection ALL = new Selection("", socket -> true, OptionalInt.empty());

    Selection and(String word, Predicate<TcpSocket> narrower) {
        return new Selection(words + " " + word, matches.and(narrower), port);
    }

    Selection withPort(int diagnosed) {
        return new Selection(words, matches, OptionalInt.of(diagnosed));
    }

    List<TcpSocket> of(Census census) {
        return census.sockets().stream().filter(matches).toList();
    }
}
