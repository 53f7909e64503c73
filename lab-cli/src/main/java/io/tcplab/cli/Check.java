package io.tcplab.cli;

/**
 * One thing that the doctor looked at.
 *
 * @param what was looked at, in a word or two
 * @param found what is there
 * @param remedy what to do about it, and what can be done without; empty if nothing needs to be done
 */
record Check(State state, String what, String found, String remedy) {
    /** How it stands. */
    enum State {
        /** As it should be. */
        OK,
        /** Something isn't available, but {@code run --all} can still be confirmed. */
        LIMITED,
        /** {@code run --all} can't be confirmed. */
        MISSING
    }

    static Check ok(String what, String found) {
        return new Check(State.OK, what, found, "");
    }

    static Check limited(String what, String found, String remedy) {
        return new Check(State.LIMITED, what, found, remedy);
    }

    static Check missing(String what, String found, String remedy) {
        return new Check(State.MISSING, what, found, remedy);
    }
}
