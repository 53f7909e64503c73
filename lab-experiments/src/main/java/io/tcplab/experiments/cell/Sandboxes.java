package io.tcplab.experiments.cell;

import io.tcplab.experiments.UsageException;
import io.tcplab.transport.Choices;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** The sandboxes by name: all that the class path has (META-INF/services), so that those of other modules are among them. */
public final class Sandboxes {
    private Sandboxes() {}

    /** The names, the default first. */
    public static List<String> names() {
        return all().map(Sandbox::name).toList();
    }

    /** The sandbox of that name; throws {@link UsageException} naming the nearest. */
    public static Sandbox byName(String name) {
        return all().filter(sandbox -> sandbox.name().equals(name))
                .findFirst()
                .orElseThrow(() -> UsageException.from(Choices.unknown("sandbox", name, names())));
    }

    private static Stream<Sandbox> all() {
        return ServiceLoader.load(Sandbox.class).stream().map(ServiceLoader.Provider::get);
    }
}
