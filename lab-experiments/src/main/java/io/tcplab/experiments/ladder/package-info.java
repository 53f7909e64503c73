/** One connection as both kernels and the link between them saw it. */
@NullMarked
package io.tcplab.experiments.ladder;

import org.jspecify.annotations.NullMarked;
