/** What becomes of a run when the system fails under it. */
@NullMarked
package io.tcplab.experiments.faults;

import org.jspecify.annotations.NullMarked;
