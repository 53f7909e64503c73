@NullMarked
package io.tcplab.junit;

import org.jspecify.annotations.NullMarked;
