/** Storms and comparisons on a Kubernetes cluster, whose pods are their agents. */
@NullMarked
package io.tcplab.cluster.kubernetes;

import org.jspecify.annotations.NullMarked;
