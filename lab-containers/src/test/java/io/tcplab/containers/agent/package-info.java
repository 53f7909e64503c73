@NullMarked
package io.tcplab.containers.agent;

import org.jspecify.annotations.NullMarked;
