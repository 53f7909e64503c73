@NullMarked
package io.tcplab.transport;

import org.jspecify.annotations.NullMarked;
