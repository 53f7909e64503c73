@NullMarked
package io.tcplab.experiments;

import org.jspecify.annotations.NullMarked;
