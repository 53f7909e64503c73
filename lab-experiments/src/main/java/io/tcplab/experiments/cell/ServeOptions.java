package io.tcplab.experiments.cell;

/**
 * How a server listens.
 *
 * @param backlog the second argument of listen(2); the queue holds one more, and no more than somaxconn + 1
 */
public record ServeOptions(int backlog) {

    /** As Netty would have it on a host with the kernel's default somaxconn. */
    public static ServeOptions defaults() {
        return new ServeOptions(4096);
    }
}
