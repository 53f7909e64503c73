@NullMarked
package io.tcplab.client;

import org.jspecify.annotations.NullMarked;
