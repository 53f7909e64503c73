@NullMarked
package io.tcplab.report;

import org.jspecify.annotations.NullMarked;
