/** HTTP for a few clients, within bounds whatever comes. */
@NullMarked
package io.tcplab.transport.http;

import org.jspecify.annotations.NullMarked;
