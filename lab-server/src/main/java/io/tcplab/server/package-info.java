/** A Netty server that treats its connections well, or with one of the mistakes that real servers make. */
@NullMarked
package io.tcplab.server;

import org.jspecify.annotations.NullMarked;
