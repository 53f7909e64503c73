package io.tcplab.cluster;

import java.util.List;

/** What a {@link CrewPlan} has asked for, started and connected. */
public interface Crew extends AutoCloseable {
    /** All, in the order of role and number. */
    List<Member> members();

    /** The one that listens; there is none without a storm. */
    default Member server() {
        return members(Member.SERVER).getFirst();
    }

    /** In the order of their numbers. */
    default List<Member> clients() {
        return members(Member.CLIENT);
    }

    private List<Member> members(String role) {
        return members().stream()
                .filter(member -> member.hello().role().equals(role))
                .toList();
    }

    /** What the cluster says has become of a lost one, as the end of a sentence; empty if it doesn't know. */
    String fate(Member lost);

    /** Removes all of it; returns when nothing is left. */
    @Override
    void close();
}
