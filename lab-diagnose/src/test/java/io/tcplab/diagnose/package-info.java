@NullMarked
package io.tcplab.diagnose;

import org.jspecify.annotations.NullMarked;
