@NullMarked
package io.tcplab.cluster.kubernetes;

import org.jspecify.annotations.NullMarked;
