@NullMarked
package io.tcplab.diagnose.causes;

import org.jspecify.annotations.NullMarked;
