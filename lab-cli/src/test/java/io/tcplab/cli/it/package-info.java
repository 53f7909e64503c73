/** The packaged program, started as a user starts it: {@code scripts/lab}, in a process of its own. */
@NullMarked
package io.tcplab.cli.it;

import org.jspecify.annotations.NullMarked;
