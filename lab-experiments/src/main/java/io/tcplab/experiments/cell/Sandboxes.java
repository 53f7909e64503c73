package io.tcplab.experiments.cell;

import io.tcplab.experiments.UsageException;
import io.tcplab.transport.Choices;
import java.util.List;

/** The sandboxes by name. */
public final class Sandboxes {
    private Sandboxes() {}

    /** The names, the default first. */
    public static List<String> names() {
        return List.of("namespaces", "host");
    }

    /** The sandbox of that name; throws {@link UsageException} naming the nearest. */
    public static Sandbox byName(String name) {
        return switch (name) {
            case "namespaces" -> new NamespaceSandbox();
            case "host" -> new HostSandbox();
            default -> throw UsageException.from(Choices.unknown("sandbox", name, names()));
        };
    }
}
