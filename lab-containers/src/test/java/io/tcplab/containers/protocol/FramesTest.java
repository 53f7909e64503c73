package io.tcplab.containers.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramesTest {
    private static final byte[] MESSAGE = {1, 2, 3};
    private static final byte[] FRAME = {0, 0, 0, 3, 1, 2, 3};

    @Test
    void aFrameIsTheLengthAndTheMessage() throws IOException {
        assertThat(Frames.around(MESSAGE)).isEqualTo(FRAME);
        assertThat(Frames.read(new ByteArrayInputStream(FRAME)).orElseThrow()).isEqualTo(MESSAGE);
        assertThat(Frames.read(new ByteArrayInputStream(new byte[0]))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 6, 100})
    void piecesOfAnySizeArePutTogether(int size) {
        List<byte[]> messages = new ArrayList<>();
        Frames.Assembler assembler = new Frames.Assembler(messages::add);
        byte[] all = {0, 0, 0, 3, 1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 1, 9};

        for (int at = 0; at < all.length; at += size) {
            assembler.add(Arrays.copyOfRange(all, at, Math.min(all.length, at + size)));
        }

        assertThat(messages).containsExactly(MESSAGE, new byte[0], new byte[] {9});
    }

    @Test
    void aLengthBeyondTheBoundIsRefusedBeforeAnythingIsRead() {
        byte[] huge = {0x7f, 0, 0, 0};
        byte[] negative = {-1, 0, 0, 0};

        assertThatThrownBy(() -> Frames.read(new ByteArrayInputStream(huge))).isInstanceOf(MalformedMessage.class);
        assertThatThrownBy(() -> Frames.read(new ByteArrayInputStream(negative)))
                .isInstanceOf(MalformedMessage.class);
        assertThatThrownBy(() -> new Frames.Assembler(message -> {}).add(huge)).isInstanceOf(MalformedMessage.class);
        assertThatThrownBy(() -> Frames.around(new byte[Frames.MOST_BYTES + 1])).isInstanceOf(MalformedMessage.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 6})
    void aStreamThatEndsInsideAFrameIsBroken(int length) {
        assertThatThrownBy(() -> Frames.read(new ByteArrayInputStream(Arrays.copyOf(FRAME, length))))
                .isInstanceOf(EOFException.class);
    }
}
