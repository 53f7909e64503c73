package io.tcplab.kernel.limits;

/**
 * Something on this machine that keeps the lab from working.
 *
 * @param reason what forbids it, with the value that was found: "kernel.unprivileged_userns_clone is 0"
 * @param remedy what the user can do, as a command where there is one
 */
public record Obstacle(String reason, String remedy) {
    /** {@code reason: remedy}. */
    @Override
    public String toString() {
        return reason + ": " + remedy;
    }
}
