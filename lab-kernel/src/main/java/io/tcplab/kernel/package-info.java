@NullMarked
package io.tcplab.kernel;

import org.jspecify.annotations.NullMarked;
