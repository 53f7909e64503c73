package io.tcplab.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.diagnose.causes.Evidence;
import io.tcplab.diagnose.sample.Scope;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whose sockets are a process's: its workers' are, those of others whom the same supervisor has started aren't. */
class FamilyTest {
    private static final int WORKER = 8;
    private static final int SUPERVISOR = 1;
    private static final int STRANGER = 9;

    private static final SocketRow LISTENER = Sockets.listener(0, 128);
    private static final SocketRow STRANGERS =
            Sockets.opened(TcpState.LISTEN, 1, 0).activity(null).row();

    /** On another port than the target's, so that only a descriptor tells whose it is. */
    private static final SocketRow CONNECTION =
            Sockets.opened(TcpState.CLOSE_WAIT, 2, 600_000).row();

    @Test
    void aWorkersConnectionIsTheTargets() {
        Looks looks = new Looks().holders(LISTENER, Looks.PID, WORKER).holders(CONNECTION, WORKER);
        assertThat(sockets(looks)).containsExactly(LISTENER, CONNECTION);
    }

    @Test
    void aSupervisorsOtherServicesAreStrangers() {
        Looks looks = new Looks()
                .holders(LISTENER, Looks.PID, SUPERVISOR)
                .holders(STRANGERS, STRANGER, SUPERVISOR)
                .holders(CONNECTION, STRANGER);
        assertThat(sockets(looks)).containsExactly(LISTENER);
    }

    @Test
    void aSupervisorsOwnConnectionsAreNotItsServices() {
        Looks looks = new Looks()
                .holders(LISTENER, Looks.PID, SUPERVISOR)
                .holders(STRANGERS, SUPERVISOR)
                .holders(CONNECTION, SUPERVISOR);
        assertThat(sockets(looks)).containsExactly(LISTENER);
    }

    /** PHP-FPM's, for instance, each of whose pools has a listener of its own. */
    @Test
    void aMastersWorkersAreItsOwnWhicheverListenersTheyHave() {
        Looks looks = new Looks()
                .holders(LISTENER, Looks.PID, WORKER)
                .holders(STRANGERS, Looks.PID, STRANGER)
                .holders(CONNECTION, STRANGER);
        assertThat(sockets(looks)).containsExactly(LISTENER, STRANGERS, CONNECTION);
    }

    private static List<SocketRow> sockets(Looks looks) {
        List<SocketRow> all = List.of(LISTENER, STRANGERS, CONNECTION);
        Look look = looks.scope(new Scope.OfProcess(Looks.PID))
                .after(Duration.ZERO, all)
                .after(Duration.ofSeconds(5), all)
                .look();
        return Evidence.of(look.scope(), look.samples()).sockets();
    }
}
