/** Storms whose server and clients are pods of a Kubernetes cluster. */
@NullMarked
package io.tcplab.cluster.kubernetes;

import org.jspecify.annotations.NullMarked;
