package io.tcplab.diagnose;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.diagnose.causes.Evidence;
import io.tcplab.diagnose.sample.ProcessSample;
import io.tcplab.diagnose.sample.Scope;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.processes.ProcessStat;
import io.tcplab.kernel.processes.TaskState;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
            Sockets.opened(TcpState.CLOSE_WAIT, 2, 0).activity(null).row();

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

    /** Both started by a shell, say, and each with a listener of its own on the same port. */
    @Test
    void whoListensOnTheSamePortOfAnotherAddressIsAStranger() {
        SocketRow own = Sockets.listener("127.0.0.1", 11, 0, 128);
        SocketRow other = Sockets.listener("127.0.0.2", 12, 0, 128);
        SocketRow leaked = accepted("127.0.0.2", TcpState.CLOSE_WAIT, 3).row();
        SocketRow waiting =
                accepted("127.0.0.2", TcpState.ESTABLISHED, 4).unheld().row();
        Looks looks =
                new Looks().holders(own, Looks.PID).holders(other, STRANGER).holders(leaked, STRANGER);
        assertThat(sockets(looks, own, other, leaked, waiting)).containsExactly(own);
    }

    @Test
    void whoSharesThePortBySoReuseportIsAStranger() {
        SocketRow own = Sockets.listener("127.0.0.1", 11, 0, 128);
        SocketRow other = Sockets.listener("127.0.0.1", 12, 0, 128);
        SocketRow leaked = accepted("127.0.0.1", TcpState.CLOSE_WAIT, 3).row();
        SocketRow childs = accepted("127.0.0.1", TcpState.CLOSE_WAIT, 4).row();
        Looks looks = new Looks()
                .holders(own, Looks.PID)
                .holders(other, STRANGER)
                .holders(leaked, STRANGER)
                .holders(childs, WORKER)
                .process(process(WORKER, "other", STRANGER));
        assertThat(sockets(looks, own, other, leaked, childs)).containsExactly(own);
    }

    /** It has no other service; by its name it isn't a worker's master. */
    @Test
    void aSupervisorOfThisServiceOnlyIsNoneOfItsProcesses() {
        Looks looks = new Looks()
                .holders(LISTENER, Looks.PID, SUPERVISOR)
                .holders(CONNECTION, SUPERVISOR)
                .process(process(SUPERVISOR, "supervisord", 0))
                .process(process(Looks.PID, "server", SUPERVISOR));
        assertThat(sockets(looks)).containsExactly(LISTENER);
        looks.process(process(SUPERVISOR, "server: master", 0))
                .process(process(Looks.PID, "server: worker", SUPERVISOR));
        assertThat(sockets(looks)).contains(CONNECTION);
    }

    /** One that a listener of this address has accepted. */
    private static Sockets accepted(String address, TcpState state, int number) {
        return Sockets.accepted(state, number, 20_000).endpoints(address, Sockets.PORT, "127.0.0.1", 50_000 + number);
    }

    private static ProcessSample process(int pid, String name, int parent) {
        return new ProcessSample(
                new ProcessStat(pid, name, TaskState.SLEEPING, parent, 0, 0),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    private static List<SocketRow> sockets(Looks looks) {
        return sockets(looks, LISTENER, STRANGERS, CONNECTION);
    }

    private static List<SocketRow> sockets(Looks looks, SocketRow... rows) {
        List<SocketRow> all = List.of(rows);
        Look look = looks.scope(new Scope.OfProcess(Looks.PID))
                .after(Duration.ZERO, all)
                .after(Duration.ofSeconds(5), all)
                .look();
        return Evidence.of(look.scope(), look.samples()).sockets();
    }
}
