/** State changes of TCP sockets, as the kernel's tracepoint sock:inet_sock_set_state reports them. */
@NullMarked
package io.tcplab.kernel.transitions;

import org.jspecify.annotations.NullMarked;
