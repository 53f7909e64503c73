/**
 * The live page. One thread of Netty serves it to browsers; the feeds look at a target or carry out an experiment on threads of
 * their own, and never wait for a browser.
 */
@NullMarked
package io.tcplab.serve;

import org.jspecify.annotations.NullMarked;
