@NullMarked
package io.tcplab.compare;

import org.jspecify.annotations.NullMarked;
