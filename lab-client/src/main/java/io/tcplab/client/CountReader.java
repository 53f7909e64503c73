package io.tcplab.client;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Complete after so many bytes for each request. */
final class CountReader implements AnswerReader {
    private final long size;
    private long missing;

    CountReader(long size) {
        this.size = size;
    }

    @Override
    public void begin() {
        missing = 0;
    }

    @Override
    public void requested() {
        missing += size;
    }

    @Override
    public @Nullable Answer read(Object message) {
        missing -= ((ByteBuf) message).readableBytes();
        return missing <= 0 ? Answer.PLAIN : null;
    }
}
