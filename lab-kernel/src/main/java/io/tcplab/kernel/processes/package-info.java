/** What /proc shows of processes: who holds which socket, and what its threads are doing. */
@NullMarked
package io.tcplab.kernel.processes;

import org.jspecify.annotations.NullMarked;
