package io.tcplab.diagnose.causes;

import java.net.InetAddress;

/** One end of connections: an address and a port. */
record End(InetAddress address, int port) {}
