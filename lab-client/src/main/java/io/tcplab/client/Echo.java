package io.tcplab.client;

/** Sends the plan's payload and expects as many bytes back: for the lab's own server, and any echo server. */
public record Echo() implements Exchange {
    @Override
    public String label() {
        return "echo";
    }

    @Override
    public String asks() {
        return "sends the payload";
    }

    @Override
    public String reads() {
        return "reads its echo";
    }
}
