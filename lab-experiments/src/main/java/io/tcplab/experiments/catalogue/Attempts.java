package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.cell.Connection;
import io.tcplab.experiments.cell.Host;
import io.tcplab.kernel.calls.Socket;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Attempts to connect, one after the other, and what became of each. */
record Attempts(List<Attempt> all) {

    /** A connect() and what it said. */
    private record Attempt(Socket socket, String result) {
        boolean ok() {
            return result.equals(Vocabulary.OK);
        }
    }

    /** This many, to one and the other listener by turns. */
    static Attempts of(Host client, Socket one, Socket other, int count) throws InterruptedException {
        List<Attempt> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Socket socket = client.socket();
            Socket to = i % 2 == 0 ? one : other;
            all.add(new Attempt(socket, socket.connect(to.local(), Host.SOON).name()));
        }
        return new Attempts(all);
    }

    int count() {
        return all.size();
    }

    long succeeded() {
        return all.stream().filter(Attempt::ok).count();
    }

    /** How many succeeded before the first that failed. */
    long succeededInOrder() {
        return all.stream().takeWhile(Attempt::ok).count();
    }

    long foundNoPort() {
        return all.stream().filter(one -> one.result().equals("EADDRNOTAVAIL")).count();
    }

    /** Closes all of them, and the ends of those that succeeded at their listener. */
    void closeAll(Socket listener) throws InterruptedException {
        for (Attempt attempt : all) {
            attempt.socket().close();
            if (attempt.ok()) {
                Vocabulary.accept(listener).close();
            }
        }
    }

    /** As many requests as there were attempts, over the connection that is accepted; returns the bytes of the answers. */
    long repeatOverOne(Socket listener) throws InterruptedException {
        Socket server = Vocabulary.accept(listener);
        InetSocketAddress peer = server.peer().orThrow("getpeername");
        Socket client = all.stream()
                .map(Attempt::socket)
                .filter(one -> one.local().equals(peer))
                .findFirst()
                .orElseThrow();
        Connection kept = new Connection(client, server);
        long answered = 0;
        for (int i = 0; i < all.size(); i++) {
            answered += kept.talk();
        }
        return answered;
    }
}
