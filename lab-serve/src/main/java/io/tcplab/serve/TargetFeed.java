package io.tcplab.serve;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.tcplab.diagnose.Judge;
import io.tcplab.diagnose.Look;
import io.tcplab.diagnose.Overview;
import io.tcplab.diagnose.TargetWatch;
import io.tcplab.diagnose.causes.Finding;
import io.tcplab.diagnose.sample.Target;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.sockets.TcpState;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/** Looks at a live target. A thread of its own, so that a look, however long, delays no frame. */
final class TargetFeed implements AutoCloseable {
    private static final long PAUSE_NANOS = Duration.ofMillis(500).toNanos();
    /** The page may stand open all day, so looking and judging cost at most a twentieth of one processor's time. */
    private static final int REST = 20;

    /** While nobody sees the page, its charts and findings only have to stay up to date. */
    private static final long IDLE_NANOS = Duration.ofSeconds(2).toNanos();

    private static final String TARGET = "target";

    private final TargetWatch watch;
    private final Judge judge = new Judge();
    private final TargetEdges edges;
    private final BooleanSupplier watched;
    private final Runnable changed;
    private final Semaphore arrivals = new Semaphore(0);
    private final Thread thread = Thread.ofPlatform().name("target").daemon().unstarted(this::lookOn);
    private volatile Seen seen;

    /** What a look has shown. */
    private record Seen(Map<String, Integer> states, LiveFrame.Target target) {}

    /** What there is to see. */
    record View(LiveFrame.Host host, LiveFrame.Target target) {}

    /**
     * Takes the first look.
     *
     * @param watched whether anybody sees it
     * @param changed is called when there is something new, and must return at once
     * @throws io.tcplab.diagnose.sample.TargetException if there is no such target, or this user may not look
     */
    TargetFeed(Target target, BooleanSupplier watched, Runnable changed) {
        this.watch = TargetWatch.open(target);
        this.edges = TargetEdges.of(watch.namespace());
        this.watched = watched;
        this.changed = changed;
        this.seen = seen(watch.next(), "");
        thread.start();
    }

    View view() {
        Seen last = seen;
        return new View(
                new LiveFrame.Host(TARGET, TARGET, last.states(), edges.now(), edges.by(), edges.note()),
                last.target());
    }

    /** Somebody sees the page from now on. */
    void arrived() {
        arrivals.release();
    }

    private void lookOn() {
        try (watch;
                edges) {
            while (!Thread.interrupted()) {
                long started = System.nanoTime();
                Look look = watch.next();
                seen = seen(look, look.ended() ? look.target() + " has ended" : "");
                edges.looked(look, watched.getAsBoolean() && !look.ended());
                changed.run();
                if (look.ended()) {
                    return;
                }
                rest(System.nanoTime() - started);
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        } catch (KernelException e) {
            LiveFrame.Target last = seen.target();
            seen = new Seen(
                    seen.states(),
                    new LiveFrame.Target(
                            last.label(),
                            Map.of(),
                            last.findings(),
                            last.limits(),
                            last.lookMillis(),
                            String.valueOf(e.getMessage())));
            changed.run();
        }
    }

    private void rest(long costNanos) throws InterruptedException {
        arrivals.drainPermits();
        long pause = Math.max(costNanos * REST, PAUSE_NANOS);
        Thread.sleep(Duration.ofNanos(pause));
        if (!watched.getAsBoolean() && pause < IDLE_NANOS && arrivals.tryAcquire(IDLE_NANOS - pause, NANOSECONDS)) {
            arrivals.drainPermits();
        }
    }

    private Seen seen(Look look, String problem) {
        Overview overview = judge.overview(look);
        Map<String, Integer> states = new LinkedHashMap<>();
        overview.states().forEach((state, level) -> {
            if (level.sockets() > 0) {
                states.put(state.label(), level.sockets());
            }
        });
        Map<String, BigDecimal> rates = new LinkedHashMap<>();
        overview.rates().forEach((name, rate) -> rates.put(name, LiveJson.figure(rate)));
        return new Seen(
                states,
                new LiveFrame.Target(
                        overview.diagnosis().target(),
                        rates,
                        findings(overview.diagnosis().findings()),
                        overview.diagnosis().limits(),
                        overview.cost().toMillis(),
                        problem));
    }

    private static List<LiveFrame.Finding> findings(List<Finding> findings) {
        return findings.stream()
                .map(finding -> new LiveFrame.Finding(
                        finding.cause(),
                        finding.title(),
                        finding.state().map(TcpState::label).orElse(""),
                        finding.certainty().label(),
                        finding.advice(),
                        finding.experiment()))
                .toList();
    }

    /** Ends looking, and waits for a look that is under way. */
    @Override
    public void close() {
        thread.interrupt();
        Ending.await(thread);
    }
}
