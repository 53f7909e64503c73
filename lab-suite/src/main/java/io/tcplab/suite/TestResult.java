package io.tcplab.suite;

/**
 * What one test of a module came to.
 *
 * @param test the class's simple name and the test's name: {@code FailuresTest.noRoute()[1]}
 * @param seconds what it took, set-up of its class excluded
 * @param failure what failed and where: the message and the stack trace; empty unless it failed
 */
record TestResult(String module, String test, Outcome outcome, double seconds, String failure) {
    /** The failure's first line; empty unless it failed. */
    String message() {
        return failure.strip().lines().findFirst().orElse("").strip();
    }

    /** {@code lab-client FailuresTest.noRoute()[1]}: the same in each run. */
    String name() {
        return module + " " + test;
    }
}
