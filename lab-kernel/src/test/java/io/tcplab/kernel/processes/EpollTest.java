package io.tcplab.kernel.processes;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.processes.Epoll.Watch;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Lines of fdinfo, as Linux 6.18 wrote them for epolls of all kinds. */
class EpollTest {
    private static final int EPOLL = 5;

    @Test
    void howAWatchTells() {
        assertThat(watch("tfd:        4 events:       19 data:                4  pos:0 ino:678340 sdev:9"))
                .isEqualTo(new Watch(EPOLL, 4, 0x19, 0x678340))
                .matches(Watch::forReading)
                .matches(watch -> !watch.edgeTriggered() && !watch.oneShot() && !watch.exclusive() && !watch.isSpent());
        assertThat(watch("tfd:        4 events: 8000201d data:                4  pos:0 ino:678340 sdev:9"))
                .matches(Watch::edgeTriggered)
                .matches(Watch::forReading)
                .matches(Watch::forWriting)
                .matches(Watch::forPeersEnd);
        assertThat(watch("tfd:        4 events: 10000019 data:                4  pos:0 ino:678340 sdev:9"))
                .matches(Watch::exclusive)
                .matches(Watch::forReading)
                .matches(watch -> !watch.forWriting() && !watch.forPeersEnd());
    }

    @Test
    void aOneShotWatchThatHasToldIsNotAPausedOne() {
        Watch asking = watch("tfd:        4 events: 40000019 data:                4  pos:0 ino:678340 sdev:9");
        assertThat(asking).matches(Watch::oneShot).matches(Watch::forReading).matches(watch -> !watch.isSpent());
        Watch spent = watch("tfd:        4 events: 40000000 data:                4  pos:0 ino:678340 sdev:9");
        assertThat(spent).matches(Watch::isSpent).matches(watch -> !watch.forReading());
        Watch paused = watch("tfd:        4 events:       18 data:                4  pos:0 ino:678340 sdev:9");
        assertThat(paused).matches(watch -> !watch.isSpent() && !watch.forReading());
    }

    @Test
    void olderKernelsTellNoInode() {
        assertThat(Epoll.parse(4, """
                pos:	0
                flags:	02
                mnt_id:	15
                ino:	2056
                tfd:       17 events:       1d data:               11
                tfd:        8 events: 80002010 data:                8
                """))
                .containsExactly(
                        new Watch(4, 17, 0x1d, Watch.UNKNOWN_INODE), new Watch(4, 8, 0x8000_2010, Watch.UNKNOWN_INODE));
    }

    @Test
    void anEpollMayTellByAnother() {
        Watch socket = new Watch(5, 4, 0x19, 1);
        Watch inner = new Watch(6, 5, 0x19, 2);
        Watch other = new Watch(8, 7, 0x19, 3);
        Map<Integer, List<Watch>> watches =
                List.of(socket, inner, other).stream().collect(Collectors.groupingBy(Watch::fd));
        assertThat(Epoll.telling(watches, List.of(socket))).isEqualTo(Set.of(5, 6));
        assertThat(Epoll.telling(watches, List.of(other))).isEqualTo(Set.of(8));
    }

    private static Watch watch(String line) {
        return Epoll.parse(EPOLL, line).getFirst();
    }
}
