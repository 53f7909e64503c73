package io.tcplab.kernel.sysctl;

import io.tcplab.kernel.sysctl.LintFinding.Topic;
import java.util.Optional;

/** What comes of writing a value to a sysctl. */
sealed interface Written {
    /** What the sysctl shows then; empty if that hasn't changed. */
    Optional<String> left();

    /** That the kernel takes it; empty if it doesn't. */
    default Optional<Taken> taken() {
        return this instanceof Taken taken ? Optional.of(taken) : Optional.empty();
    }

    /** That the kernel doesn't take it; empty if it does. */
    default Optional<Refused> refused() {
        return this instanceof Refused refused ? Optional.of(refused) : Optional.empty();
    }

    /**
     * The kernel takes it.
     *
     * @param shown what it shows then, with single spaces between numbers
     * @param doubt why that may not be what was meant, as the rest of a sentence that begins with the name; or empty
     */
    record Taken(String shown, String doubt) implements Written {
        Taken(String shown) {
            this(shown, "");
        }

        @Override
        public Optional<String> left() {
            return Optional.of(shown);
        }
    }

    /**
     * The kernel doesn't take it.
     *
     * @param topic why
     * @param why the same as the rest of a sentence that begins with the name
     * @param left what it shows then, if it has changed all the same: numbers before the wrong one are set
     */
    record Refused(Topic topic, String why, Optional<String> left) implements Written {
        Refused(Topic topic, String why) {
            this(topic, why, Optional.empty());
        }

        static Refused invalid(String why) {
            return new Refused(Topic.INVALID, why);
        }
    }
}
