@NullMarked
package io.tcplab.cli;

import org.jspecify.annotations.NullMarked;
