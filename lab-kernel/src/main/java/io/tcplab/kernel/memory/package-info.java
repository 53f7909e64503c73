/** What TCP's sockets take of the kernel's memory. */
@NullMarked
package io.tcplab.kernel.memory;

import org.jspecify.annotations.NullMarked;
