/** The knobs of TCP: what they mean and take, reading and setting them in a namespace, and files of settings. */
@NullMarked
package io.tcplab.kernel.sysctl;

import org.jspecify.annotations.NullMarked;
