/** What runs inside a container: a host of a cell that does what the lab asks, and answers with what its kernel says. */
@NullMarked
package io.tcplab.containers.agent;

import org.jspecify.annotations.NullMarked;
