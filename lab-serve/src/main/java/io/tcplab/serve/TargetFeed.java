package io.tcplab.serve;

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

/** Looks at a live target, as long as somebody may see it. */
final class TargetFeed implements AutoCloseable {
    private static final long PAUSE_NANOS = Duration.ofMillis(500).toNanos();
    /** The page may stand open all day, so looking and judging cost at most a twentieth of one processor's time. */
    private static final int REST = 20;

    private static final String TARGET = "target";

    private final TargetWatch watch;
    private final Runnable changed;
    private final Thread thread = Thread.ofPlatform().name("target").daemon().unstarted(this::lookOn);
    private volatile View view;

    /** What there is to see. */
    record View(LiveFrame.Host host, LiveFrame.Target target) {}

    /**
     * Takes the first look.
     *
     * @param changed is called when there is something new, and must return at once
     * @throws io.tcplab.diagnose.sample.TargetException if there is no such target, or this user may not look
     */
    TargetFeed(Target target, Runnable changed) {
        this.watch = TargetWatch.open(target);
        this.changed = changed;
        this.view = view(watch.next(), "");
        thread.start();
    }

    View view() {
        return view;
    }

    private void lookOn() {
        try (watch) {
            while (!Thread.interrupted()) {
                long started = System.nanoTime();
                Look look = watch.next();
                view = view(look, look.ended() ? look.target() + " has ended" : "");
                changed.run();
                if (look.ended()) {
                    return;
                }
                Thread.sleep(Duration.ofNanos(Math.max((System.nanoTime() - started) * REST, PAUSE_NANOS)));
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        } catch (KernelException e) {
            LiveFrame.Target last = view.target();
            view = new View(
                    view.host(),
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

    private static View view(Look look, String problem) {
        Overview overview = Overview.of(look);
        Map<String, Integer> states = new LinkedHashMap<>();
        overview.states().forEach((state, level) -> {
            if (level.sockets() > 0) {
                states.put(state.label(), level.sockets());
            }
        });
        Map<String, BigDecimal> rates = new LinkedHashMap<>();
        overview.rates().forEach((name, rate) -> rates.put(name, LiveJson.figure(rate)));
        return new View(
                new LiveFrame.Host(TARGET, TARGET, states, CensusFlow.of(look), "census", CensusFlow.NOTE),
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
