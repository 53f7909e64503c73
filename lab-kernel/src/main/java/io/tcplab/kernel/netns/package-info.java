/**
 * Network namespaces, and the links that join them.
 */
@NullMarked
package io.tcplab.kernel.netns;

import org.jspecify.annotations.NullMarked;
