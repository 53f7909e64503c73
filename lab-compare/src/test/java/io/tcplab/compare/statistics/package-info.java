@NullMarked
package io.tcplab.compare.statistics;

import org.jspecify.annotations.NullMarked;
