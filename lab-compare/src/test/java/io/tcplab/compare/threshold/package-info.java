@NullMarked
package io.tcplab.compare.threshold;

import org.jspecify.annotations.NullMarked;
