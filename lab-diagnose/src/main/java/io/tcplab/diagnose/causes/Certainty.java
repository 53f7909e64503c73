package io.tcplab.diagnose.causes;

import java.util.Locale;

/** How sure a finding is of its cause; {@link Finding#because} says why. */
public enum Certainty {
    /** What the kernel said leaves no other explanation. */
    CERTAIN,
    /** It fits, and what else could explain it is rarer. */
    LIKELY,
    /** It fits, and so do other things; or what would decide can't be seen. */
    POSSIBLE;

    /** As reports have it: "likely". */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
