package io.tcplab.cluster.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.tcplab.containers.AttachedContainer;

/** A line to a pod's standard input and output. */
interface Attachment extends AutoCloseable {
    /** Bytes for its standard input. */
    void send(byte[] bytes);

    /** Hangs up. */
    @Override
    void close();

    /** Makes one. */
    @FunctionalInterface
    interface Opener {
        /** To a pod that runs. */
        Attachment open(KubernetesClient client, String pod, AttachedContainer.Line line);
    }
}
