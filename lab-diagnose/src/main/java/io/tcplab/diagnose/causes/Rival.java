package io.tcplab.diagnose.causes;

/**
 * Something else that would look the same as what a finding says, and that nothing seen excludes.
 *
 * @param what in a few words; by its id where it is another cause that is known: "idle-pool"
 * @param apart what would tell the two apart
 */
public record Rival(String what, String apart) {}
