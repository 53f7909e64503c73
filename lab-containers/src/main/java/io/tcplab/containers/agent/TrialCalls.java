package io.tcplab.containers.agent;

import io.tcplab.containers.protocol.MessageReader;
import io.tcplab.containers.protocol.MessageWriter;
import io.tcplab.experiments.EvidenceMissing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Trials that are under way for the lab, and what has come of them since it last asked. */
final class TrialCalls {
    /** An answer without results after this long shows that the agent is there. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final Trials trials;
    private final Handles<Begun> all = new Handles<>("study");

    TrialCalls(Trials trials) {
        this.trials = trials;
    }

    void begin(MessageReader in, MessageWriter out) {
        String study = in.text();
        int jobs = in.integer();
        Begun begun = new Begun();
        Thread.ofPlatform().daemon().name("trials").start(() -> begun.run(trials, study, jobs));
        out.integer(all.add(begun));
    }

    void next(MessageReader in, MessageWriter out) throws InterruptedException {
        all.get(in.integer()).next(out);
    }

    /** One study. */
    private static final class Begun {
        private final List<String> results = new ArrayList<>();
        private boolean ended;
        private Optional<String> problem = Optional.empty();

        void run(Trials trials, String study, int jobs) {
            Optional<String> why = Optional.of("the trials were interrupted");
            try {
                trials.run(study, jobs, this::add);
                why = Optional.empty();
            } catch (EvidenceMissing e) {
                why = Optional.of(String.valueOf(e.getMessage()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException | Error e) {
                why = Optional.of("the agent failed: " + e);
            } finally {
                end(why);
            }
        }

        private synchronized void add(String result) {
            results.add(result);
            notifyAll();
        }

        private synchronized void end(Optional<String> why) {
            problem = why;
            ended = true;
            notifyAll();
        }

        /** Results first, whatever has gone wrong after them. */
        synchronized void next(MessageWriter out) throws InterruptedException {
            long deadline = System.nanoTime() + LONGEST.toNanos();
            for (long left = LONGEST.toMillis(); results.isEmpty() && !ended && left > 0; ) {
                wait(left);
                left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            }
            if (results.isEmpty() && problem.isPresent()) {
                throw new EvidenceMissing(problem.get());
            }
            out.each(results, MessageWriter::text).flag(ended && problem.isEmpty());
            results.clear();
        }
    }
}
