package io.tcplab.kernel.transitions;

import java.util.List;

/**
 * What was recorded between start and stop.
 *
 * @param transitions in the order of time; made as they are asked for, so that a million of them cost 36 MB
 * @param lost how many the kernel could not deliver, since the reader was too slow; with any, the absence of a transition proves nothing
 */
public record Recording(List<Transition> transitions, long lost) {}
