/** What this process and this kernel allow: descriptors, capabilities, user namespaces, the kernel's release. */
@NullMarked
package io.tcplab.kernel.limits;

import org.jspecify.annotations.NullMarked;
