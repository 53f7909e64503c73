package io.tcplab.compare.threshold;

/** How a figure is compared with a bound. */
public enum Operator {
    MORE(">"),
    AT_LEAST(">="),
    LESS("<"),
    AT_MOST("<="),
    EQUAL("="),
    OTHER("!=");

    private final String sign;

    Operator(String sign) {
        this.sign = sign;
    }

    /** {@code >=}. */
    public String sign() {
        return sign;
    }

    boolean holds(double figure, double bound) {
        return switch (this) {
            case MORE -> figure > bound;
            case AT_LEAST -> figure >= bound;
            case LESS -> figure < bound;
            case AT_MOST -> figure <= bound;
            case EQUAL -> figure == bound;
            case OTHER -> figure != bound;
        };
    }
}
