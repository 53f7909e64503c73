package io.tcplab.kernel.wire;

/** A way along the wire. */
public enum Direction {
    CLIENT_TO_SERVER(Side.CLIENT, Side.SERVER),
    SERVER_TO_CLIENT(Side.SERVER, Side.CLIENT);

    private final Side from;
    private final Side to;

    Direction(Side from, Side to) {
        this.from = from;
        this.to = to;
    }

    /** Who sends this way. */
    public Side from() {
        return from;
    }

    /** Who receives what goes this way. */
    public Side to() {
        return to;
    }

    @Override
    public String toString() {
        return from + " to " + to;
    }
}
