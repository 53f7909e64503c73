@NullMarked
package io.tcplab.diagnose.sample;

import org.jspecify.annotations.NullMarked;
