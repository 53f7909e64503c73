package io.tcplab.experiments;

/**
 * A statement about evidence, made before the run.
 *
 * @param statement the statement in words, as the report prints it
 * @param host that the evidence is about
 * @param source where that evidence comes from
 * @param weight whether the verdict depends on it
 */
public record Expectation(String statement, Role host, Source source, Weight weight) {

    /** How an expectation counts. */
    public enum Weight {
        /** It must hold with the fault and must not hold without it: this is what proves the behaviour. */
        DECIDING,
        /**
         * It must hold with the fault, and may hold without it too. Where its source isn't available it is reported as
         * inconclusive, and the deciding ones decide alone.
         */
        SUPPORTING
    }

    /** An expectation that decides the verdict. */
    public static Expectation deciding(Role host, Source source, String statement) {
        return new Expectation(statement, host, source, Weight.DECIDING);
    }

    /** An expectation that rounds off the picture. */
    public static Expectation supporting(Role host, Source source, String statement) {
        return new Expectation(statement, host, source, Weight.SUPPORTING);
    }

    /** The same, where this host does what the client does here: the two change places, or don't. */
    public Expectation seenFrom(Role first) {
        return first == Role.CLIENT ? this : new Expectation(statement, host.other(), source, weight);
    }

    /** Whether the control must show otherwise. */
    public boolean decides() {
        return weight == Weight.DECIDING;
    }
}
