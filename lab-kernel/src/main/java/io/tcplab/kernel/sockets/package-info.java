/**
 * What the kernel says about its TCP sockets, asked through sock_diag.
 */
@NullMarked
package io.tcplab.kernel.sockets;

import org.jspecify.annotations.NullMarked;
