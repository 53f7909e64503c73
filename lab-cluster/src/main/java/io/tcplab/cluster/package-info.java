/** A storm: many clients on many machines against one server, begun together, and what came of it. */
@NullMarked
package io.tcplab.cluster;

import org.jspecify.annotations.NullMarked;
