package io.tcplab.experiments;

/**
 * A figure that a run yields besides its verdict.
 *
 * @param value in the unit
 * @param unit {@code sockets}, {@code connections}, {@code s}, {@code ms}, …
 */
public record Measurement(double value, String unit) {}
