package io.tcplab.transport;

/** A transport can't be used here; the message has the reason and the remedy. */
public final class TransportUnavailable extends IllegalStateException {
    private static final long serialVersionUID = 1;

    TransportUnavailable(Transport transport, String reason) {
        super("transport " + transport.label() + " isn't usable here: " + reason);
    }
}
