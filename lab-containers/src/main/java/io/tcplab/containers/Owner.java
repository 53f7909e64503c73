package io.tcplab.containers;

import io.tcplab.containers.agent.Agent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The lab to which a container or a network belongs, as their labels say it. With them a later lab knows its own kind's
 * leftovers from what is in use, and from what is others'.
 *
 * @param place where process ids mean what they do here: this boot of this kernel, and the PID namespace
 * @param pid the lab's process
 * @param start when that process started, since ids come again
 */
public record Owner(String place, long pid, Instant start) {
    /** The label that each of the lab's containers and networks has, with the number of the lab's run. */
    public static final String RUN = "io.tcplab.run";

    private static final String PLACE = "io.tcplab.owner.place";
    private static final String PID = "io.tcplab.owner.pid";
    private static final String START = "io.tcplab.owner.start";

    /** This process. */
    public static Owner self() {
        return new Owner(here(), ProcessHandle.current().pid(), startOf(ProcessHandle.current()));
    }

    /** Its owner; empty if it isn't a lab's. */
    public static Optional<Owner> of(Map<String, String> labels) {
        try {
            return labels.containsKey(RUN)
                    ? Optional.of(new Owner(
                            labels.getOrDefault(PLACE, ""),
                            Long.parseLong(labels.getOrDefault(PID, "")),
                            Instant.parse(labels.getOrDefault(START, ""))))
                    : Optional.empty();
        } catch (RuntimeException notOurs) {
            return Optional.empty();
        }
    }

    /** What marks a thing as this owner's. */
    public Map<String, String> labels(String run) {
        return Map.of(RUN, run, PLACE, place, PID, Long.toString(pid), START, start.toString());
    }

    /** Whether it is certain that this lab has ended: it lived where we can look, and it isn't there. */
    public boolean isGone() {
        return place.equals(here())
                && ProcessHandle.of(pid)
                        .filter(process -> startOf(process).equals(start))
                        .isEmpty();
    }

    private static Instant startOf(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.EPOCH);
    }

    private static String here() {
        try {
            return Agent.bootId() + "/" + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
        } catch (IOException noLinux) {
            return hostName();
        }
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "";
        }
    }
}
