/** What tests against the real kernel share: waiting, cells, and witnesses that are not the lab's own code. */
@NullMarked
package io.tcplab.kernel.support;

import org.jspecify.annotations.NullMarked;
