/**
 * What the server and the client share: Netty's transports, their event loops and errors, how users write choices, and how
 * meters are described.
 */
@NullMarked
package io.tcplab.transport;

import org.jspecify.annotations.NullMarked;
