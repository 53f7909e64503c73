package io.tcplab.compare.verdict;

/**
 * How one machine of a cluster did its share of a comparison.
 *
 * @param name as the cluster calls it
 * @param kernel its release, as uname(2) has it there; empty if the machine said nothing
 * @param planned trials of each setting
 * @param ended runs that ended there, of all settings together, whether or not they count
 * @param problem why runs are missing; empty if none are
 */
public record NodeResult(String name, String kernel, int planned, int ended, String problem) {}
