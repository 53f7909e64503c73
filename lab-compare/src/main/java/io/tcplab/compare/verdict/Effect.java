package io.tcplab.compare.verdict;

/** What a setting does to a measure, in words. */
public enum Effect {
    /** No difference distinguishable from chance. */
    NONE("no effect"),
    SMALL("small"),
    LARGE("large"),
    /** With so few trials no difference, however large, is distinguishable from chance. */
    TOO_FEW_TRIALS("too few trials to tell"),
    /** Nothing was measured in one of the settings. */
    NO_SAMPLES("no samples");

    private final String label;

    Effect(String label) {
        this.label = label;
    }

    /** As reports print it. */
    public String label() {
        return label;
    }

    /** Whether there is one. */
    public boolean isThere() {
        return this == SMALL || this == LARGE;
    }

    /** Whether it is known if there is one. */
    public boolean isTold() {
        return isThere() || this == NONE;
    }
}
