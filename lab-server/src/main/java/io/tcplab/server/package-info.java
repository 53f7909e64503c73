@NullMarked
package io.tcplab.server;

import org.jspecify.annotations.NullMarked;
