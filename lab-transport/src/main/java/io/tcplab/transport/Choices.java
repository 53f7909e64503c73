package io.tcplab.transport;

import io.tcplab.kernel.Nearest;
import java.util.Collection;

/** Says what a user who mistyped a name may have meant. */
public final class Choices {
    private Choices() {}

    /**
     * The error for a name that isn't among the choices.
     *
     * @param kind what the name should have been: {@code "behaviour"}
     */
    public static IllegalArgumentException unknown(String kind, String name, Collection<String> choices) {
        String list = choices.isEmpty() ? "there are none" : "choices: " + String.join(", ", choices);
        return new IllegalArgumentException(
                "unknown " + kind + " \"" + name + "\"" + Nearest.hint(name, choices) + " (" + list + ")");
    }
}
