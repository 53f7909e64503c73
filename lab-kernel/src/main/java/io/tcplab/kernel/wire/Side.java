package io.tcplab.kernel.wire;

/** An end of the wire. */
public enum Side {
    CLIENT,
    SERVER;

    /** The way of what this side sends. */
    public Direction outward() {
        return this == CLIENT ? Direction.CLIENT_TO_SERVER : Direction.SERVER_TO_CLIENT;
    }

    /** The other end. */
    public Side other() {
        return this == CLIENT ? SERVER : CLIENT;
    }

    @Override
    public String toString() {
        return this == CLIENT ? "client" : "server";
    }
}
