package io.tcplab.diagnose.causes;

/** Experiments that a finding names to see its cause at work. A test holds them against the lab's catalogue. */
public enum Reproduction {
    BACKLOG_OVERFLOW("backlog-overflow"),
    CLOSE_WAIT_BACKLOG("close-wait-backlog"),
    CLOSE_WAIT_BLOCKED("close-wait-blocked"),
    CLOSE_WAIT_LEAK("close-wait-leak"),
    CLOSE_WAIT_TIMEOUT("close-wait-timeout"),
    CLOSE_WITH_UNREAD_DATA("close-with-unread-data"),
    DEAD_PEER_DETECTION("dead-peer-detection"),
    HALF_CLOSE("half-close"),
    HALF_OPEN("half-open"),
    LINGER_RESET("linger-reset"),
    LOST_FINAL_ACK("lost-final-ack"),
    NETTY_AUTO_READ("netty-auto-read"),
    PORT_EXHAUSTION("port-exhaustion"),
    SIMULTANEOUS_OPEN("simultaneous-open"),
    SYN_COOKIES("syn-cookies"),
    SYN_QUEUE_OVERFLOW("syn-queue-overflow"),
    SYN_RETRY_SCHEDULE("syn-retry-schedule"),
    TIME_WAIT_BUCKETS("time-wait-buckets"),
    TIME_WAIT_STORM("time-wait-storm");

    private final String experiment;

    Reproduction(String experiment) {
        this.experiment = experiment;
    }

    /** An argument for {@code lab run}. */
    public String experiment() {
        return experiment;
    }
}
