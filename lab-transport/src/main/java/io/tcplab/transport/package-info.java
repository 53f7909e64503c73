/**
 * What the server and the client share: Netty's transports, their event loops and errors, and how users write choices.
 */
@NullMarked
package io.tcplab.transport;

import org.jspecify.annotations.NullMarked;
