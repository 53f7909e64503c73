package io.tcplab.containers.protocol;

/** What the lab may ask of an agent. Changing what a call carries means raising {@link Greeting#PROTOCOL}. */
public enum Call {
    /** The agent's clock, now. */
    CLOCK,
    /** Gives the host its addresses; the agent's sources of evidence open. Comes before all that follow. */
    OPEN,
    /** Starts a server. */
    SERVE,
    /** Lets a server accept. */
    RESUME_ACCEPTING,
    /** Starts a load. */
    LOAD,
    /** Makes a load ready; answers when only the instant is missing at which it begins. */
    PREPARE,
    /** Has a load that is ready begin at an instant of the agent's clock; answers when it has begun. */
    BEGIN,
    /** A load's report. */
    REPORT,
    /** A load's distributions, of a load that was begun by BEGIN. */
    TIMINGS,
    /** Has a load close what it holds. */
    RELEASE,
    /** Waits for a load's end. */
    AWAIT_END,
    /** A census, as the kernel wrote it. */
    CENSUS,
    /** How many sockets are in each state. */
    STATES,
    /** How many sockets that a query asks for are in each state. */
    STATES_OF,
    /** The counters since OPEN. */
    COUNTERS,
    /** The lines of /proc/net/tcp and tcp6. */
    PROC_NET_TCP,
    /** A sysctl's value. */
    SYSCTL,
    /** Sets a sysctl. */
    SET_SYSCTL,
    /** How many of these inodes the agent has descriptors of. */
    DESCRIPTORS,
    /** Makes a socket. The calls down to CLOSE are those of {@link io.tcplab.kernel.calls.Socket}. */
    SOCKET,
    /** bind(2). */
    BIND,
    /** listen(2). */
    LISTEN,
    /** connect(2), not waiting. */
    START_CONNECT,
    /** Waits for a connect. */
    FINISH_CONNECT,
    /** accept(2). */
    ACCEPT,
    /** send(2). */
    SEND,
    /** send(2) of zeros, which needn't be sent here. */
    SEND_ZEROS,
    /** recv(2). */
    RECEIVE,
    /** shutdown(2). */
    SHUTDOWN_OUTPUT,
    /** setsockopt(2). */
    SET_OPTION,
    /** SO_LINGER. */
    LINGER,
    /** SO_ERROR. */
    ERROR,
    /** getsockname(2). */
    LOCAL,
    /** getpeername(2). */
    PEER,
    /** close(2). */
    CLOSE,
    /** Begins a capture of the host's interface. */
    START_CAPTURE,
    /** Ends it. */
    FINISH_CAPTURE,
    /** The next bytes of the capture's file; none at its end. */
    READ_CAPTURE,
    /** Begins the trials of a study, in cells on the agent's machine. Needs no OPEN. */
    BEGIN_TRIALS,
    /** Waits for what comes of them next. */
    NEXT_TRIALS
}
