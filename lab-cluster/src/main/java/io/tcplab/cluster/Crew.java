package io.tcplab.cluster;

import java.util.List;

/** Server and clients of a storm, started and connected. */
public interface Crew extends AutoCloseable {
    /** The one that listens. */
    Member server();

    /** In the order of their numbers. */
    List<Member> clients();

    /** What the cluster says has become of a lost one, as the end of a sentence; empty if it doesn't know. */
    String fate(Member lost);

    /** Removes all of it; returns when nothing is left. */
    @Override
    void close();
}
