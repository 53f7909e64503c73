package io.tcplab.server;

import io.tcplab.transport.Choices;
import io.tcplab.transport.Spec;
import java.util.List;

/**
 * What a server does with its connections: right, or with one of the mistakes that real servers make. Each is data, so
 * that it can be printed, compared and sent to another process.
 *
 * <p>The application's protocol is an echo: whatever arrives is sent back. A behaviour says what happens besides.
 */
public sealed interface Behaviour
        permits WellBehaved,
                NeverClose,
                NeverRead,
                BlockBeforeClose,
                HalfCloseThenSend,
                LingerZero,
                StopAccepting,
                SlowResponse,
                PlainNetty {

    /** The name and every setting; {@link #parse} of its text gives an equal behaviour. */
    Spec toSpec();

    /** One line for a list of behaviours: what the server does. */
    String summary();

    /** The name that a user writes: {@code never-close}. */
    default String name() {
        return toSpec().name();
    }

    /** As {@link #toSpec()}, in text: {@code slow-response:delay=1s}. */
    default String spec() {
        return toSpec().toString();
    }

    /** Each behaviour once, with its default settings, in the order of a list for users. */
    static List<Behaviour> all() {
        return List.of(
                new WellBehaved(),
                new NeverClose(),
                new NeverRead(),
                BlockBeforeClose.DEFAULT,
                HalfCloseThenSend.DEFAULT,
                LingerZero.DEFAULT,
                new StopAccepting(),
                SlowResponse.DEFAULT,
                new PlainNetty(false, false));
    }

    /**
     * Reads {@code name} or {@code name:key=value,key=value}; what isn't said keeps its default.
     *
     * @throws IllegalArgumentException saying what is wrong and naming the nearest choice
     */
    static Behaviour parse(String text) {
        Spec spec = Spec.parse(text);
        return switch (spec.name()) {
            case WellBehaved.NAME -> WellBehaved.of(spec);
            case NeverClose.NAME -> NeverClose.of(spec);
            case NeverRead.NAME -> NeverRead.of(spec);
            case BlockBeforeClose.NAME -> BlockBeforeClose.of(spec);
            case HalfCloseThenSend.NAME -> HalfCloseThenSend.of(spec);
            case LingerZero.NAME -> LingerZero.of(spec);
            case StopAccepting.NAME -> StopAccepting.of(spec);
            case SlowResponse.NAME -> SlowResponse.of(spec);
            case PlainNetty.NAME -> PlainNetty.of(spec);
            default ->
                throw Choices.unknown(
                        "behaviour",
                        spec.name(),
                        all().stream().map(Behaviour::name).toList());
        };
    }
}
