@NullMarked
package io.tcplab.cluster;

import org.jspecify.annotations.NullMarked;
