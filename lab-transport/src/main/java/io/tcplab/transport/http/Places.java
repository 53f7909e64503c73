package io.tcplab.transport.http;

import io.netty.channel.Channel;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/** Who is connected to one listener. Its only event loop touches it. */
final class Places {
    private final HttpBounds bounds;
    private final Set<Place> strangers = new LinkedHashSet<>();
    private final Set<Place> known = new HashSet<>();

    Places(HttpBounds bounds) {
        this.bounds = bounds;
    }

    /** There is always one: silent peers must not keep others out. */
    Place take(Channel channel) {
        if (strangers.size() >= bounds.strangers()) {
            Place oldest = strangers.iterator().next();
            strangers.remove(oldest);
            oldest.putOut();
        }
        Place place = new Place(this, channel, bounds.patience().toMillis());
        strangers.add(place);
        channel.closeFuture().addListener(closed -> place.left());
        return place;
    }

    boolean letIn(Place place) {
        if (known.size() >= bounds.known() || !strangers.remove(place)) {
            return false;
        }
        return known.add(place);
    }

    void left(Place place) {
        strangers.remove(place);
        known.remove(place);
    }
}
