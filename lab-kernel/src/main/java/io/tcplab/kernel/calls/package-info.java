/**
 * TCP sockets call by call, as packetdrill scripts have them: what is called is what the kernel is asked, and its answer,
 * errno by name, comes back as a value.
 */
@NullMarked
package io.tcplab.kernel.calls;

import org.jspecify.annotations.NullMarked;
