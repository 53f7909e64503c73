@NullMarked
package io.tcplab.compare.design;

import org.jspecify.annotations.NullMarked;
