package io.tcplab.compare.design;

/** How the levels of several factors are combined. */
public enum Crossing {
    /** Each with each. */
    CROSSED,
    /** The first of each factor, the second of each, and so on: all must have as many. */
    PAIRS
}
