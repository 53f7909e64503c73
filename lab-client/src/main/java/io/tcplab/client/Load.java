package io.tcplab.client;

import io.tcplab.transport.Choices;
import io.tcplab.transport.Spec;
import java.util.List;

/**
 * What a client does with its connections. A closed set of records, one file each, which holds what the load does on the
 * wire too; as data a load can be written on a command line and sent to another process.
 *
 * <p>An <i>operation</i> is what a plan's rate and count are counted in: a connection from its opening to its end, except
 * with {@link KeepAlive}, where it is a request. What goes over the connection is the {@link Exchange}'s.
 */
public sealed interface Load permits ShortLived, Hold, KeepAlive, HalfClose, Abort, GiveUpAfter {
    /** The name and every setting; {@link #parse} of its text gives an equal load. */
    Spec toSpec();

    /** The name a user writes, such as {@code short-lived}. */
    default String name() {
        return toSpec().name();
    }

    /** As {@link #toSpec()}, in text: {@code short-lived:requests=1,closes-first=client}; its name alone without settings. */
    default String spec() {
        return toSpec().toString();
    }

    /** What it does with this exchange, in one sentence. */
    String summary(Exchange exchange);

    /** What it does with an echo, in one sentence. */
    default String summary() {
        return summary(new Echo());
    }

    /** Each load once, with its default settings, in the order of a list for users. */
    static List<Load> all() {
        return List.of(new ShortLived(), new Hold(), new KeepAlive(), new HalfClose(), new Abort(), new GiveUpAfter());
    }

    /** The names of all loads. */
    static List<String> names() {
        return all().stream().map(Load::name).toList();
    }

    /**
     * Reads {@code name} or {@code name:key=value,key=value}.
     *
     * @throws IllegalArgumentException naming what is wrong, and the nearest name where one is unknown
     */
    static Load parse(String text) {
        Spec spec = Spec.parse(text);
        return switch (spec.name()) {
            case ShortLived.NAME -> ShortLived.of(spec);
            case Hold.NAME -> Hold.of(spec);
            case KeepAlive.NAME -> KeepAlive.of(spec);
            case HalfClose.NAME -> HalfClose.of(spec);
            case Abort.NAME -> Abort.of(spec);
            case GiveUpAfter.NAME -> GiveUpAfter.of(spec);
            default -> throw Choices.unknown("load", spec.name(), names());
        };
    }
}
