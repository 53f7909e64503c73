/** What is told about TCP, and what the runs of the catalogue's experiments say of it. */
@NullMarked
package io.tcplab.experiments.claims;

import org.jspecify.annotations.NullMarked;
