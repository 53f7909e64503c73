package io.tcplab.kernel.transitions;

import java.util.List;

/**
 * What was recorded between start and stop.
 *
 * @param transitions in the order of time; made as they are asked for, so that a million of them cost 36 MB
 * @param lost how many the kernel counted and did not deliver: there was no room for them since the reader was too
 *     slow, or it withheld them for a reason of its own. Exact. With any lost, the absence of a transition proves
 *     nothing
 */
public record Recording(List<Transition> transitions, long lost) {}
