package io.tcplab.compare.statistics;

/** From {@code low} to {@code high}, both included. */
public record Interval(double low, double high) {}
