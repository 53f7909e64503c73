package io.tcplab.kernel.processes;

/**
 * A file descriptor of a socket.
 *
 * @param pid the process that has it
 * @param fd its number there
 */
public record SocketHolder(int pid, int fd) {}
