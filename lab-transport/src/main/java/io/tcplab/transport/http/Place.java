package io.tcplab.transport.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** A connection's place among those that are served. Only its event loop touches it. */
@SuppressWarnings("FutureReturnValueIgnored") // a peer that has gone is nothing to report
public final class Place {
    private final Places places;
    private final Channel channel;
    private final Future<?> deadline;

    Place(Places places, Channel channel, long patienceMillis) {
        this.places = places;
        this.channel = channel;
        deadline = channel.eventLoop().schedule(() -> channel.close(), patienceMillis, TimeUnit.MILLISECONDS);
    }

    /**
     * From now on it isn't put out for strangers.
     *
     * @return false if there is no place for it
     */
    public boolean letIn() {
        return places.letIn(this);
    }

    /** Without a deadline from now on: what it is sent has no end. */
    public void stay() {
        deadline.cancel(false);
    }

    /** By a reset, which leaves no state in the kernel: floods are put out by the thousand. */
    void putOut() {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.close();
    }

    /** Else the deadline would hold the memory of a connection that has long gone. */
    void left() {
        deadline.cancel(false);
        places.left(this);
    }
}
