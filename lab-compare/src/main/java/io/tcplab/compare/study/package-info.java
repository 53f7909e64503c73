@NullMarked
package io.tcplab.compare.study;

import org.jspecify.annotations.NullMarked;
