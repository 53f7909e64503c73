import java.util.Locale;

/**
 * How many machines a million connections a second take, and a hundred million sockets in CLOSE_WAIT.
 *
 * @param cores processors of a machine
 * @param memory bytes of a machine
 * @param server processor time of the server a connection, in microseconds
 * @param client processor time of its client
 * @param segments a connection, both ways
 * @param ports that a client's kernel chooses from for one (source, destination, port)
 * @param closeWait bytes of the kernel's memory
 * @param timeWait bytes of the kernel's memory
 */
record Plan(int cores, double memory, double server, double client, double segments, int ports, double closeWait, double timeWait) {
    private static final double RATE = 1e6;
    private static final double HELD = 1e8;

    /** TCP_TIMEWAIT_LEN of include/net/tcp.h, in seconds. */
    private static final int TIME_WAIT_SECONDS = 60;

    /** Seconds after which tcp_tw_reuse gives a port away, by default. */
    private static final int REUSE_SECONDS = 1;

    /** What may be used of processors and memory, so that neither queues nor the kernel's reclaim decide. */
    private static final double USABLE = 0.7;

    /** Bytes of the lab's server for a connection that it holds (HeapTest). */
    private static final int HEAP = 200;

    void print() {
        System.out.printf(Locale.ROOT, "%n| a plan, with %d processors and %,.0f GiB a machine, of which %.0f %% is used | |%n| --- | --- |%n", cores, memory / 0x1p30,
                100 * USABLE);
        row("1,000,000 connections/s: clients, by processors", machines(RATE * client / 1e6, cores));
        row("… servers, by processors", machines(RATE * server / 1e6, cores));
        row("… segments a second, all servers together", RATE * segments);
        row("… sockets in TIME_WAIT on all clients, 60 s of them", RATE * TIME_WAIT_SECONDS);
        row("… their memory, GiB", RATE * TIME_WAIT_SECONDS * timeWait / 0x1p30);
        row("… (source, destination, port)s, without tcp_tw_reuse", Math.ceil(RATE * TIME_WAIT_SECONDS / ports));
        row("… with it", Math.ceil(RATE * REUSE_SECONDS / ports));
        row("100,000,000 CLOSE_WAIT: memory, GiB", HELD * (closeWait + HEAP) / 0x1p30);
        row("… servers, by memory", machines(HELD * (closeWait + HEAP), memory));
        row("… descriptors of each server", Math.ceil(HELD / machines(HELD * (closeWait + HEAP), memory)));
        row("… (source, destination, port)s", Math.ceil(HELD / ports));
        row("… seconds that one client machine takes, by processors", HELD * client / 1e6 / cores / USABLE);
    }

    private static double machines(double needed, double each) {
        return Math.ceil(needed / each / USABLE);
    }

    private static void row(String what, double figure) {
        System.out.printf(Locale.ROOT, "| %s | %,.0f |%n", what, figure);
    }
}
