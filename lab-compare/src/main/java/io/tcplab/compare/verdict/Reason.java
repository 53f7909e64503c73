package io.tcplab.compare.verdict;

import java.util.List;

/**
 * Why a sysctl did what it did, or didn't.
 *
 * @param sysctl its name
 * @param sentence what is known of it
 * @param claims numbers of claims that tell more
 * @param expected false if what was measured contradicts it
 */
public record Reason(String sysctl, String sentence, List<Integer> claims, boolean expected) {
    /** Copies the list. */
    public Reason {
        claims = List.copyOf(claims);
    }
}
