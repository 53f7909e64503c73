package io.tcplab.kernel.wire;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** What a rule does to a segment. */
public sealed interface Action {
    /** Forwards it, and so shields it from the rules behind. */
    record Pass() implements Action {
        @Override
        public String toString() {
            return "pass";
        }
    }

    /** Forwards it later; those behind overtake it. */
    record Delay(Duration by) implements Action {
        public Delay {
            requirePositive(by);
        }

        @Override
        public String toString() {
            return "delay by " + by.toMillis() + " ms";
        }
    }

    /** Loses it. */
    record Drop() implements Action {
        @Override
        public String toString() {
            return "drop";
        }
    }

    /**
     * Loses some, by chance. Whether the nth segment in a direction that the rule means is lost is settled by seed,
     * direction and n alone, not by time; so the same seed loses the same ones. Those that are not lost are left to the
     * rules behind.
     *
     * @param probability 0 to 1
     */
    record Lose(double probability, long seed) implements Action {
        private static final double BELOW_ONE = 0x1.0p-53;

        public Lose {
            if (!(probability >= 0 && probability <= 1)) {
                throw new IllegalArgumentException("no probability: " + probability);
            }
        }

        /** With a seed that nobody chose; {@link #seed} and the rule's text tell it. */
        public static Lose withAnySeed(double probability) {
            return new Lose(probability, ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE));
        }

        boolean loses(Direction direction, long number) {
            long stream = mix(direction == Direction.CLIENT_TO_SERVER ? seed : ~seed);
            return (mix(stream ^ mix(number)) >>> 11) * BELOW_ONE < probability;
        }

        /** The finalizer of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014). */
        private static long mix(long value) {
            long z = value + 0x9e3779b97f4a7c15L;
            z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
            z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
            return z ^ (z >>> 31);
        }

        @Override
        public String toString() {
            return "lose with probability " + probability + ", seed " + seed;
        }
    }

    /** Keeps it until the rule is released; see {@link RuleHandle#release}. */
    record Hold() implements Action {
        @Override
        public String toString() {
            return "hold";
        }
    }

    /** Forwards it twice, one right behind the other. */
    record Duplicate() implements Action {
        @Override
        public String toString() {
            return "duplicate";
        }
    }

    /** Forwards it right behind the next one that goes the same way. Until there is one, it waits. */
    record Reorder() implements Action {
        @Override
        public String toString() {
            return "swap with the next";
        }
    }

    /** Forwards it, and a copy of it later. */
    record Replay(Duration later) implements Action {
        public Replay {
            requirePositive(later);
        }

        @Override
        public String toString() {
            return "replay after " + later.toMillis() + " ms";
        }
    }

    private static void requirePositive(Duration duration) {
        if (!duration.isPositive()) {
            throw new IllegalArgumentException("not a time to wait: " + duration);
        }
    }
}
