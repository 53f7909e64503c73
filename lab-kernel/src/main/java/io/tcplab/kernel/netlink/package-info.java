/**
 * Netlink, the kernel's request and answer protocol (netlink(7)): messages, attributes, dumps and extended
 * acknowledgements. What rtnetlink and sock_diag put inside is the business of the packages that use them.
 */
@NullMarked
package io.tcplab.kernel.netlink;

import org.jspecify.annotations.NullMarked;
