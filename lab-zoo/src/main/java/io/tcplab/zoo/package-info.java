/** Tests only: the diagnosis against real programs that nobody wrote for it. */
@NullMarked
package io.tcplab.zoo;

import org.jspecify.annotations.NullMarked;
