@NullMarked
package io.tcplab.containers.protocol;

import org.jspecify.annotations.NullMarked;
