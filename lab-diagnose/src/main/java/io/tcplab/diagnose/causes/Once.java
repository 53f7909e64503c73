package io.tcplab.diagnose.causes;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What several causes ask for, worked out when the first of them does. Not for several threads at a time. */
final class Once<T> {
    private final Supplier<T> source;
    private @Nullable T value;

    Once(Supplier<T> source) {
        this.source = source;
    }

    T get() {
        T known = value;
        if (known == null) {
            known = source.get();
            value = known;
        }
        return known;
    }
}
