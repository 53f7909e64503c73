package io.tcplab.cluster.kubernetes;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.ExecListener;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.tcplab.containers.AttachedContainer;
import io.tcplab.containers.LineOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * A line to a pod's standard input and output, through the API server: {@code kubectl attach --stdin}. When it ends, also because this
 * process was killed, the node closes the pod's standard input (stdinOnce).
 */
final class PodAttachment implements Attachment {
    private final ExecWatch watch;
    private final OutputStream input;

    private PodAttachment(ExecWatch watch) {
        this.watch = watch;
        input = watch.getInput();
    }

    /** Opens one to a pod that runs. */
    static Attachment open(KubernetesClient client, String pod, AttachedContainer.Line line) {
        return new PodAttachment(client.pods()
                .inNamespace(client.getNamespace())
                .withName(pod)
                .inContainer(Jobs.CONTAINER)
                .redirectingInput()
                .writingOutput(new LineOutput(line))
                .usingListener(new End(line))
                .withReadyWaitTimeout(0)
                .attach());
    }

    @Override
    public synchronized void send(byte[] bytes) {
        try {
            input.write(bytes);
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the line to the relay's pod", e);
        }
    }

    @Override
    public void close() {
        watch.close();
    }

    /** Either of the first two is called, once. */
    private record End(AttachedContainer.Line line) implements ExecListener {
        @Override
        public void onClose(int code, String reason) {
            line.cut("the line to its pod has ended");
        }

        @Override
        public void onFailure(Throwable failure, @Nullable Response response) {
            line.cut("the line to its pod broke (" + failure.getMessage() + ")");
        }

        @Override
        public void onExit(int code, @Nullable Status status) {
            line.cut("its container has ended with code " + code);
        }
    }
}
