/** Tests of other kernels. */
@NullMarked
package io.tcplab.kernels;

import org.jspecify.annotations.NullMarked;
