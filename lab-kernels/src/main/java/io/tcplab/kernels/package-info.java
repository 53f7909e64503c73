/** Other kernels: which there are, and a guest of QEMU that boots one with this machine's files under it, read-only. */
@NullMarked
package io.tcplab.kernels;

import org.jspecify.annotations.NullMarked;
