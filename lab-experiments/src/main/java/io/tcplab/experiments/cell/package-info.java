@NullMarked
package io.tcplab.experiments.cell;

import org.jspecify.annotations.NullMarked;
