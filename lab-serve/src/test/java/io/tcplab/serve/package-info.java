@NullMarked
package io.tcplab.serve;

import org.jspecify.annotations.NullMarked;
