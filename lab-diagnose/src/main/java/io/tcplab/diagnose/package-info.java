/** Names the cause of a live process's trouble with its sockets. Attaches nothing, changes nothing. */
@NullMarked
package io.tcplab.diagnose;

import org.jspecify.annotations.NullMarked;
