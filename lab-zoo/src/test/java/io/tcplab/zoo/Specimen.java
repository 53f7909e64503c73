package io.tcplab.zoo;

import io.tcplab.diagnose.sample.Target;
import io.tcplab.junit.Role;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * Real programs in a state that is to be diagnosed.
 *
 * @param name what runs, and what is wrong with it
 * @param patient whose sockets are looked at
 * @param causes the findings that must come, by name; none if all is well. No others may
 * @param told words that the diagnosis must have in it
 * @param setup starts the programs and waits until the kernel shows the state
 */
record Specimen(String name, Role patient, Set<String> causes, Set<String> told, Setup setup) {
    private static final Set<String> CHANGES = Set.of("connections-growing", "slow-close", "syn-unanswered", "resets");

    /** Brings the programs to life. */
    @FunctionalInterface
    interface Setup {
        void in(Habitat habitat) throws Exception;
    }

    Specimen {
        causes = Set.copyOf(causes);
        told = Set.copyOf(told);
    }

    static Specimen healthy(String name, Setup setup) {
        return new Specimen(name, Role.SERVER, Set.of(), Set.of(), setup);
    }

    static Specimen of(String name, String cause, Setup setup) {
        return new Specimen(name, Role.SERVER, Set.of(cause), Set.of(), setup);
    }

    /** As this, but the client is looked at. */
    Specimen onClient() {
        return new Specimen(name, Role.CLIENT, causes, told, setup);
    }

    /** As this, with a finding that comes along. */
    Specimen with(String cause) {
        Set<String> more = new HashSet<>(causes);
        more.add(cause);
        return new Specimen(name, patient, more, told, setup);
    }

    /** As this, with something that the diagnosis must say. */
    Specimen telling(String words) {
        Set<String> more = new HashSet<>(told);
        more.add(words);
        return new Specimen(name, patient, causes, more, setup);
    }

    /** Enough for a few looks; what shows by its changes only takes more than a busy machine comes to in three seconds. */
    Duration window() {
        return Duration.ofSeconds(causes.stream().anyMatch(CHANGES::contains) ? 6 : 3);
    }

    /** Its port, on the host that is looked at. */
    Target target(Habitat habitat) {
        return new Target.PortInside(habitat.cell().host(patient).namespace(), Habitat.PORT);
    }

    @Override
    public String toString() {
        return name;
    }
}
