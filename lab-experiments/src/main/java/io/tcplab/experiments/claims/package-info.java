/** Claims about TCP, and what runs of the catalogue's experiments say about them. */
@NullMarked
package io.tcplab.experiments.claims;

import org.jspecify.annotations.NullMarked;
