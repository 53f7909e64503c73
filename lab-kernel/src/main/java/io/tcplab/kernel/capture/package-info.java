/** Segments in files of the format pcapng, which Wireshark and tcpdump read. */
@NullMarked
package io.tcplab.kernel.capture;

import org.jspecify.annotations.NullMarked;
