package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.Trial;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.SocketTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Several clients, guarded against a peer that goes dark by one option, the other, both or none. */
record GuardedClients(List<GuardedClient> all) {

    /** A connection for each of the four settings, those without keepalive and those without TCP_USER_TIMEOUT first. */
    static GuardedClients open(Trial trial, Socket listener, Duration userTimeout) throws InterruptedException {
        List<GuardedClient> all = new ArrayList<>();
        for (boolean keepalive : List.of(false, true)) {
            for (boolean timeout : List.of(false, true)) {
                Socket client = trial.open(listener).client();
                all.add(GuardedClient.alone(trial, client, keepalive, timeout, userTimeout));
            }
        }
        return new GuardedClients(all);
    }

    /** The same once each has sent a byte. */
    GuardedClients afterSending(Trial trial) throws InterruptedException {
        List<GuardedClient> sent = new ArrayList<>();
        for (GuardedClient one : all) {
            sent.add(one.afterSending(trial));
        }
        return new GuardedClients(sent);
    }

    GuardedClients with(Predicate<GuardedClient> option) {
        return new GuardedClients(all.stream().filter(option).toList());
    }

    GuardedClients without(Predicate<GuardedClient> option) {
        return with(option.negate());
    }

    /** Each, until its kernel gives up. */
    List<Leaving> leaving() {
        return all.stream().map(GuardedClient::leaving).toList();
    }

    /** How many of them have this timer by that census. */
    long withTimer(SocketTimer.Kind kind, Census census) {
        return all.stream().filter(one -> one.timer(census).kind() == kind).count();
    }

    /** What read() returns on each of them now: {@code EAGAIN, ETIMEDOUT}. */
    String read() throws InterruptedException {
        List<String> results = new ArrayList<>();
        for (GuardedClient one : all) {
            results.add(Vocabulary.read(one.socket(), Duration.ZERO));
        }
        return String.join(", ", results);
    }
}
