/**
 * The wire: a link between two namespaces that forwards segments in this process, and on the way can lose, hold, delay,
 * duplicate and reorder them, and records all.
 */
@NullMarked
package io.tcplab.kernel.wire;

import org.jspecify.annotations.NullMarked;
