package io.tcplab.serve;

import io.tcplab.diagnose.sample.Target;
import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Knob;
import io.tcplab.experiments.UsageException;
import io.tcplab.experiments.catalogue.Catalogue;
import io.tcplab.experiments.cell.Sandbox;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** What is shown: a target, experiments, or both. A thread of its own makes the frames, and only while somebody listens. */
final class Board implements Page, AutoCloseable {
    /** Twenty a second at most. */
    private static final Duration PERIOD = Duration.ofMillis(50);
    /** If nothing changes: the charts go on, and rates fall to nothing. */
    private static final long HEARTBEAT_NANOS = Duration.ofMillis(250).toNanos();

    private static final long POINT_NANOS = Duration.ofMillis(500).toNanos();
    private static final int POINTS = 600;

    private final Optional<TargetFeed> target;
    private final Sandbox sandbox;
    private final Path out;
    private final Set<Subscriber> subscribers = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean dirty = new AtomicBoolean(true);
    private final Deque<LiveFrame.Point> history = new ArrayDeque<>();
    private final Thread publisher =
            Thread.ofPlatform().name("publisher").daemon().unstarted(this::publishOn);
    private final Object starting = new Object();
    private volatile @Nullable Running run;

    /** What {@code POST /start} takes. */
    record Start(@Nullable String experiment, @Nullable Map<String, String> set) {}

    /** What {@code GET /catalogue} gives. */
    record Entry(String name, String summary, String fault, String control, List<KnobEntry> knobs) {}

    /** A knob and its default. */
    record KnobEntry(String name, String initial, String range, String meaning) {}

    /**
     * Begins to look.
     *
     * @param wanted the target, if there is one
     * @param sandbox makes the experiments' cells
     * @param out where results folders are made
     * @throws io.tcplab.diagnose.sample.TargetException if there is no such target, or this user may not look
     */
    Board(Optional<Target> wanted, Sandbox sandbox, Path out) {
        this.target = wanted.map(one -> new TargetFeed(one, () -> !subscribers.isEmpty(), this::changed));
        this.sandbox = sandbox;
        this.out = out;
        publisher.start();
    }

    private void changed() {
        dirty.set(true);
    }

    @Override
    public byte[] catalogue() {
        return LiveJson.bytes(Map.of(
                "unavailable",
                Stage.of(sandbox).unavailable().orElse(""),
                "experiments",
                Catalogue.all().stream().map(Board::entry).toList()));
    }

    private static Entry entry(Experiment experiment) {
        return new Entry(
                experiment.story().name(),
                experiment.story().summary(),
                experiment.story().fault(),
                experiment.story().control(),
                experiment.knobs().stream().map(Board::knob).toList());
    }

    private static <T> KnobEntry knob(Knob<T> knob) {
        return new KnobEntry(knob.name(), String.valueOf(knob.plain(knob.initial())), knob.range(), knob.meaning());
    }

    @Override
    public void start(String json) {
        Start wanted = parse(json);
        String name = wanted.experiment();
        if (name == null) {
            throw new UsageException("no experiment given");
        }
        synchronized (starting) {
            Running last = run;
            if (last != null && last.isRunning()) {
                throw new UsageException("an experiment is running: stop it first, or wait for its end");
            }
            Map<String, String> settings = wanted.set();
            run = Stage.of(sandbox).start(name, settings == null ? Map.of() : settings, out, this::changed);
        }
        changed();
    }

    private static Start parse(String json) {
        try {
            return LiveJson.read(json, Start.class);
        } catch (JacksonException e) {
            throw new UsageException("expected {\"experiment\": NAME, \"set\": {KNOB: VALUE}}", e);
        }
    }

    @Override
    public void stop() {
        Running running = run;
        if (running != null && running.isRunning()) {
            running.stop();
        }
    }

    @Override
    public void join(Subscriber subscriber) {
        subscribers.add(subscriber);
        target.ifPresent(TargetFeed::arrived);
        changed();
    }

    @Override
    public void leave(Subscriber subscriber) {
        subscribers.remove(subscriber);
    }

    @Override
    public byte[] history() {
        synchronized (history) {
            return Subscriber.event(
                    "history", LiveJson.text(new LiveFrame.History(LiveFrame.History.SCHEMA, List.copyOf(history))));
        }
    }

    private void publishOn() {
        long lastFrame = 0;
        long lastPoint = 0;
        try {
            while (true) {
                Thread.sleep(PERIOD);
                long now = System.nanoTime();
                boolean point = now - lastPoint >= POINT_NANOS;
                boolean frame =
                        !subscribers.isEmpty() && (dirty.getAndSet(false) || now - lastFrame >= HEARTBEAT_NANOS);
                if (point || frame) {
                    LiveFrame all = frame();
                    if (point) {
                        remember(all);
                        lastPoint = now;
                    }
                    if (frame) {
                        publish(all);
                        lastFrame = now;
                    }
                }
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private void publish(LiveFrame all) {
        byte[] event = Subscriber.event("frame", LiveJson.text(all));
        subscribers.forEach(subscriber -> subscriber.offer(event));
    }

    private void remember(LiveFrame all) {
        if (all.hosts().isEmpty()) {
            return;
        }
        List<LiveFrame.Counts> counts = all.hosts().stream()
                .map(host -> new LiveFrame.Counts(host.arm(), host.host(), host.states()))
                .toList();
        synchronized (history) {
            history.add(new LiveFrame.Point(all.atMillis(), counts));
            if (history.size() > POINTS) {
                history.remove();
            }
        }
    }

    LiveFrame frame() {
        Running running = run;
        List<LiveFrame.Host> hosts = new ArrayList<>();
        Optional<TargetFeed.View> view = target.map(TargetFeed::view);
        view.ifPresent(one -> hosts.add(one.host()));
        if (running != null) {
            hosts.addAll(running.hosts());
        }
        return new LiveFrame(
                LiveFrame.SCHEMA,
                System.currentTimeMillis(),
                hosts,
                view.map(TargetFeed.View::target),
                Optional.ofNullable(running).map(Running::view));
    }

    /** Ends the running experiment and all looking; on return its cells are gone. */
    @Override
    public void close() {
        publisher.interrupt();
        Ending.await(publisher);
        synchronized (starting) {
            Running running = run;
            if (running != null) {
                running.close();
            }
        }
        target.ifPresent(TargetFeed::close);
    }
}
