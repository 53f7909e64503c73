package io.tcplab.experiments.ladder;

import io.tcplab.experiments.Role;
import io.tcplab.kernel.sockets.TcpState;
import java.util.Map;
import java.util.Optional;

/**
 * What a host showed when it was looked at.
 *
 * @param atNanos when, on System.nanoTime's clock
 * @param state of the connection's socket, by sock_diag; empty if there is none
 * @param counted how far counters went since the look before
 */
record Look(long atNanos, Role host, Optional<TcpState> state, Map<String, Long> counted) {}
