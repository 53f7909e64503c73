/**
 * Every java.lang.foreign call of the project, and nothing of that API outside: callers give and get ints, longs,
 * strings and direct {@link java.nio.ByteBuffer}s in native order, and results that carry their errno.
 *
 * <p>Public only because Java's packages have no friends: no module but this one may use it.
 */
@NullMarked
package io.tcplab.kernel.ffm;

import org.jspecify.annotations.NullMarked;
