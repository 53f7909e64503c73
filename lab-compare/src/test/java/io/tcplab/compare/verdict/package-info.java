@NullMarked
package io.tcplab.compare.verdict;

import org.jspecify.annotations.NullMarked;
