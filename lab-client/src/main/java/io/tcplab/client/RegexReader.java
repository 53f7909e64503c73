package io.tcplab.client;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Complete when an expression matches somewhere in what has arrived since the request. */
final class RegexReader implements AnswerReader {
    /** How an operation fails whose answer is longer than any that is searched. */
    static final String NO_MATCH = "no match in 1 MiB";

    private final Pattern pattern;
    private final StringBuilder text = new StringBuilder();

    RegexReader(Pattern pattern) {
        this.pattern = pattern;
    }

    @Override
    public void begin() {
        text.setLength(0);
    }

    @Override
    public void requested() {
        text.setLength(0);
    }

    @Override
    public @Nullable Answer read(Object message) {
        text.append(((ByteBuf) message).toString(StandardCharsets.ISO_8859_1));
        if (pattern.matcher(text).find()) {
            return Answer.PLAIN;
        }
        return text.length() > Expect.Regex.LONGEST ? Answer.broken(NO_MATCH) : null;
    }
}
