/** What samples of sockets speak for: one class for each cause, each a pure function. */
@NullMarked
package io.tcplab.diagnose.causes;

import org.jspecify.annotations.NullMarked;
