package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.UsageException;
import io.tcplab.experiments.claims.Claim;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Claims about TCP, each with the experiments that decide it. */
public final class Claims {
    private static final List<Claim> ALL = Stream.of(
                    OpeningClaims.all(), ClosingClaims.all(), TimeWaitClaims.all(), PracticeClaims.all())
            .flatMap(List::stream)
            .sorted(Comparator.comparingInt(Claim::number))
            .toList();

    private Claims() {}

    /** All claims by number. */
    public static List<Claim> all() {
        return ALL;
    }

    /**
     * The claim of that number.
     *
     * @throws UsageException if there is none
     */
    public static Claim byNumber(int number) {
        return ALL.stream()
                .filter(claim -> claim.number() == number)
                .findFirst()
                .orElseThrow(
                        () -> new UsageException("there is no claim %d; they are %d to %d, and `lab claims` lists them"
                                .formatted(
                                        number,
                                        ALL.getFirst().number(),
                                        ALL.getLast().number())));
    }
}
