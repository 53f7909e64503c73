/** The kernel's counters of a namespace, read as differences. */
@NullMarked
package io.tcplab.kernel.counters;

import org.jspecify.annotations.NullMarked;
