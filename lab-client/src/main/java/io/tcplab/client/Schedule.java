package io.tcplab.client;

/**
 * When one loop's operations are meant to start, in nanoseconds since the plan's start: arithmetic only. Each time follows
 * from the operation's number, so that rounding doesn't add up and the schedule doesn't drift. The loops deal a plan's
 * operations out among themselves like cards.
 *
 * @param rate operations a second of all loops; 0: no schedule
 * @param first this loop's first operation
 * @param stride how many loops there are
 */
record Schedule(double rate, Stop stop, int first, int stride) {
    boolean open() {
        return rate > 0;
    }

    /** When this loop's operation {@code index} is meant to start. */
    long time(long index) {
        return timeOf(first + index * stride);
    }

    /** How many operations this loop starts in all; {@code Long.MAX_VALUE} where only time ends it. */
    long limit() {
        return switch (stop) {
            case Stop.AfterCount it -> share(it.operations());
            case Stop.AfterDuration it -> open() ? share(before(it.duration().toNanos())) : Long.MAX_VALUE;
        };
    }

    /** When the plan ends by the clock; {@code Long.MAX_VALUE} where only the count ends it. */
    long end() {
        return switch (stop) {
            case Stop.AfterCount it -> Long.MAX_VALUE;
            case Stop.AfterDuration it -> it.duration().toNanos();
        };
    }

    /** How many of this loop's operations are meant to have started by {@code elapsed}. */
    long due(long elapsed) {
        return elapsed < 0 ? 0 : Math.min(limit(), share(before(elapsed + 1)));
    }

    private long timeOf(long operation) {
        return (long) (operation * 1e9 / rate);
    }

    /** How many operations of all loops are meant to start before {@code nanos}. */
    private long before(long nanos) {
        // An estimate first: what is exact is timeOf, and this must agree with it to the last operation.
        long count = (long) (nanos * rate / 1e9);
        while (count > 0 && timeOf(count - 1) >= nanos) {
            count--;
        }
        while (timeOf(count) < nanos) {
            count++;
        }
        return count;
    }

    private long share(long operations) {
        return operations <= first ? 0 : (operations - first - 1) / stride + 1;
    }
}
