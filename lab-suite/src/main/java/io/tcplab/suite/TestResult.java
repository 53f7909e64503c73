package io.tcplab.suite;

/**
 * What one test of a module came to.
 *
 * @param test the class's simple name and the test's name: {@code FailuresTest.noRoute()[1]}
 * @param seconds what it took, set-up of its class excluded
 * @param message the failure's first line; empty unless it failed
 */
record TestResult(String module, String test, Outcome outcome, double seconds, String message) {
    /** {@code lab-client FailuresTest.noRoute()[1]}: the same in each run. */
    String name() {
        return module + " " + test;
    }
}
