package io.tcplab.diagnose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.diagnose.sample.Sample;
import io.tcplab.diagnose.sample.Sampler;
import io.tcplab.diagnose.sample.Subject;
import io.tcplab.diagnose.sample.Target;
import io.tcplab.diagnose.sample.TargetException;
import io.tcplab.kernel.netns.Namespace;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class FirstLookTest {
    private static final int PORT = 8000;

    private final AtomicInteger looks = new AtomicInteger();

    /** As a client's that tries again and again, and has no socket between two tries. */
    @Test
    void aPortThatIsUsedAtALaterLookIsSeen() throws Exception {
        AtomicReference<ServerSocket> later = new AtomicReference<>();
        try (Namespace namespace = Namespace.create("first-look");
                Subject subject = Subject.of(new Target.PortInside(namespace, PORT));
                Sampler sampler = Sampler.open(subject)) {
            Sample first = FirstLook.of(subject, () -> {
                if (looks.incrementAndGet() == 3) {
                    later.set(namespace.call(() -> new ServerSocket(PORT)));
                }
                return sampler.sample();
            });
            assertThat(looks).hasValue(3);
            assertThat(first.sockets()).extracting(row -> row.localPort()).containsExactly(PORT);
        } finally {
            later.get().close();
        }
    }

    @Test
    void aPortThatNobodyUsesIsAnError() throws Exception {
        try (Namespace namespace = Namespace.create("first-look");
                Subject subject = Subject.of(new Target.PortInside(namespace, PORT));
                Sampler sampler = Sampler.open(subject)) {
            assertThatThrownBy(() -> FirstLook.of(subject, () -> {
                        looks.incrementAndGet();
                        return sampler.sample();
                    }))
                    .isInstanceOf(TargetException.class)
                    .hasMessageStartingWith("nobody listens on port 8000, and no connection uses it");
            assertThat(looks).hasValueGreaterThan(1);
        }
    }
}
