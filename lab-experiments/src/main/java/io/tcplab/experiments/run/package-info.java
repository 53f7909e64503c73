@NullMarked
package io.tcplab.experiments.run;

import org.jspecify.annotations.NullMarked;
