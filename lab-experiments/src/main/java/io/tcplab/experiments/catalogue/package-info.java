@NullMarked
package io.tcplab.experiments.catalogue;

import org.jspecify.annotations.NullMarked;
