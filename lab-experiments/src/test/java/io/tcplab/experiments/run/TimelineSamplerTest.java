package io.tcplab.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.cell.Cell;
import io.tcplab.experiments.cell.Host;
import io.tcplab.kernel.sockets.StateCounts;
import io.tcplab.kernel.sockets.TcpState;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class TimelineSamplerTest {
    private static final int LOOKS = 6;

    /** The one that failed may have been the most; the chart shows what there is. */
    @Test
    void afterALookThatFailedNothingIsTheMost() throws InterruptedException {
        CountDownLatch enough = new CountDownLatch(LOOKS);
        AtomicInteger sockets = new AtomicInteger();
        try (TimelineSampler sampler = new TimelineSampler(cell(() -> {
            enough.countDown();
            if (enough.getCount() == 0) {
                throw new EvidenceMissing("the kernel interrupted every attempt to list the sockets");
            }
            return sockets.incrementAndGet();
        }))) {
            enough.await();
            assertThat(sampler.whole().samples()).isEmpty();
            assertThat(sampler.stop().samples()).hasSize(LOOKS - 1);
        }
    }

    @Test
    void otherwiseTheLastLookCountsToo() throws InterruptedException {
        CountDownLatch enough = new CountDownLatch(LOOKS);
        AtomicInteger sockets = new AtomicInteger();
        try (TimelineSampler sampler = new TimelineSampler(cell(() -> {
            enough.countDown();
            return sockets.incrementAndGet();
        }))) {
            enough.await();
            Timeline whole = sampler.whole();
            assertThat(whole.samples()).hasSize(sockets.get());
            assertThat(whole.samples().getLast().counts().of(TcpState.CLOSE_WAIT))
                    .isEqualTo(sockets.get());
        }
    }

    /** A cell with hosts that have so many sockets in CLOSE_WAIT. */
    private static Cell cell(Supplier<Integer> sockets) {
        Host host =
                only(Host.class, "states", () -> new StateCounts(0, Map.of(TcpState.CLOSE_WAIT, sockets.get()), true));
        return only(Cell.class, "host", () -> host);
    }

    private static <T> T only(Class<T> type, String method, Supplier<?> answer) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (itself, called, arguments) -> {
                    assertThat(called.getName()).isEqualTo(method);
                    return answer.get();
                }));
    }
}
