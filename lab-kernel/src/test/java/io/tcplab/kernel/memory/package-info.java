@NullMarked
package io.tcplab.kernel.memory;

import org.jspecify.annotations.NullMarked;
