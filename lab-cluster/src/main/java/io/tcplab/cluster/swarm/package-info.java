/** Storms whose server and clients are a Docker swarm's tasks. */
@NullMarked
package io.tcplab.cluster.swarm;

import org.jspecify.annotations.NullMarked;
