/** Storms and comparisons on a Docker swarm, whose tasks are their agents. */
@NullMarked
package io.tcplab.cluster.swarm;

import org.jspecify.annotations.NullMarked;
