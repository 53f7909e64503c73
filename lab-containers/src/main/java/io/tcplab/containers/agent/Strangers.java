package io.tcplab.containers.agent;

import java.io.IOException;
import java.net.Socket;
import java.util.LinkedHashSet;
import java.util.Set;

/** Connections of which nobody knows yet whose they are. A new one takes the place of the eldest, which had the most time to say so. */
final class Strangers {
    /** More than a storm has agents: all of these may call at once. */
    private static final int MOST = 256;

    private final Set<Socket> sockets = new LinkedHashSet<>();

    /** Takes one in, and closes another if there are too many. */
    synchronized void add(Socket socket) throws IOException {
        if (sockets.size() == MOST) {
            Socket eldest = sockets.iterator().next();
            sockets.remove(eldest);
            eldest.close();
        }
        sockets.add(socket);
    }

    /** It is known, or gone. */
    synchronized void remove(Socket socket) {
        sockets.remove(socket);
    }
}
