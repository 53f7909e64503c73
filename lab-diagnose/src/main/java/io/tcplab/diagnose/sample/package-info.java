/** What the kernel and /proc say about a target's sockets, at one moment. */
@NullMarked
package io.tcplab.diagnose.sample;

import org.jspecify.annotations.NullMarked;
