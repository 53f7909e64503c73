@NullMarked
package io.tcplab.kernel.processes;

import org.jspecify.annotations.NullMarked;
