package io.tcplab.containers.protocol;

import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.capture.CaptureException;

/** Whether a call was answered or failed, and how. A failure is thrown on the lab's side as it was in the agent. */
public final class Answers {
    private enum Outcome {
        ANSWERED,
        MISSING,
        KERNEL,
        ARGUMENT,
        BROKEN
    }

    private Answers() {}

    /** Begins a message of an answer, which the caller goes on with. */
    public static MessageWriter answered(int id) {
        return new MessageWriter().integer(id).constant(Outcome.ANSWERED);
    }

    /** The message of a failure. */
    public static byte[] failed(int id, Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        MessageWriter writer = new MessageWriter().integer(id);
        MessageWriter written = switch (failure) {
            case EvidenceMissing e -> writer.constant(Outcome.MISSING).text(message);
            case CaptureException e -> writer.constant(Outcome.MISSING).text(message);
            case KernelException e ->
                writer.constant(Outcome.KERNEL)
                        .text(e.operation())
                        .constant(e.errno())
                        .text(e.remedy());
            case IllegalArgumentException e -> writer.constant(Outcome.ARGUMENT).text(message);
            default -> writer.constant(Outcome.BROKEN).text(failure.toString());
        };
        return written.toBytes();
    }

    /** Reads on where {@link #answered} began, behind the id; throws the agent's failure. */
    public static MessageReader orThrow(MessageReader reader) {
        return switch (reader.constant(Outcome.class)) {
            case ANSWERED -> reader;
            case MISSING -> throw new EvidenceMissing(reader.text());
            case KERNEL -> throw new KernelException(reader.text(), reader.constant(Errno.class), reader.text());
            case ARGUMENT -> throw new IllegalArgumentException(reader.text());
            case BROKEN -> throw new IllegalStateException("the agent failed: " + reader.text());
        };
    }
}
