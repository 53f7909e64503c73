/**
 * What the lab and an agent say to each other: calls and answers in frames, over the two ends of a pipe. Both ends are of one
 * build, so that a value is written as plainly as it is read: field after field, by hand, without names.
 */
@NullMarked
package io.tcplab.containers.protocol;

import org.jspecify.annotations.NullMarked;
