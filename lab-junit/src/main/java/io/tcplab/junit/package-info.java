/** For users' own tests: a cell for each test, and assertions about sockets. */
@NullMarked
package io.tcplab.junit;

import org.jspecify.annotations.NullMarked;
