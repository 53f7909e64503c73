@NullMarked
package io.tcplab.compare.run;

import org.jspecify.annotations.NullMarked;
