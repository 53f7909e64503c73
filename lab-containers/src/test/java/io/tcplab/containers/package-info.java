@NullMarked
package io.tcplab.containers;

import org.jspecify.annotations.NullMarked;
