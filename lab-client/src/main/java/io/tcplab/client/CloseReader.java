package io.tcplab.client;

import org.jspecify.annotations.Nullable;

/** Complete when the server closes. */
final class CloseReader implements AnswerReader {
    @Override
    public void begin() {}

    @Override
    public void requested() {}

    @Override
    public @Nullable Answer read(Object message) {
        return null;
    }

    @Override
    public Answer ended() {
        return Answer.LAST;
    }
}
