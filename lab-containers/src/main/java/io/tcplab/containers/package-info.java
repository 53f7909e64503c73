/** The docker sandbox: a cell is two containers on a private network of their own, each with an agent inside. */
@NullMarked
package io.tcplab.containers;

import org.jspecify.annotations.NullMarked;
