/** The runner of all modules' tests. */
@NullMarked
package io.tcplab.suite;

import org.jspecify.annotations.NullMarked;
