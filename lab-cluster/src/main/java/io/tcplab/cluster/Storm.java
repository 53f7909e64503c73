package io.tcplab.cluster;

import io.tcplab.client.LoadReport;
import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.cell.RunningServer;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs a storm with a crew that is there: opens all, has all begin at one instant, watches, and collects. */
public final class Storm implements AutoCloseable {
    private static final long LOOK_MILLIS = 250;

    /** In which each client must have heard of the instant. */
    private static final Duration LEAD = Duration.ofMillis(500);

    private static final Duration LEAD_PER_CLIENT = Duration.ofMillis(5);

    private final StormPlan plan;
    private final Crew crew;
    private final Progress progress;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** Hears how it goes, on the caller's thread. */
    public interface Progress {
        /** A step has begun. */
        void step(String what);

        /** What the server's kernel says now. */
        void look(Duration since, Map<TcpState, Integer> server);
    }

    /** Not yet begun. */
    public Storm(StormPlan plan, Crew crew, Progress progress) {
        this.plan = plan;
        this.crew = crew;
        this.progress = progress;
    }

    /**
     * Runs it to its end.
     *
     * @param on the kind of cluster, for the report
     * @throws EvidenceMissing if it can't begin
     */
    public StormReport run(String on, String image) throws InterruptedException {
        progress.step("measuring the clocks of %d tasks".formatted(plan.clients() + 1));
        Station server = Station.open(crew.server());
        List<Station> clients = all(crew.clients().stream()
                .<Callable<Station>>map(member -> () -> Station.open(member))
                .toList());
        RunningServer listening = server.host().serve(plan.behaviour(), plan.serve());
        List<ClientRun> runs = all(clients.stream()
                .<Callable<ClientRun>>map(client -> () -> ready(client, listening))
                .toList());
        ServerWatch watch = new ServerWatch(server, listening.address().getPort());
        long start = System.nanoTime()
                + LEAD.plus(LEAD_PER_CLIENT.multipliedBy(runs.size())).toNanos();
        progress.step("%d clients begin: %s".formatted(runs.size(), plan.load().summary()));
        List<Future<ClientResult.Reported>> parts = runs.stream()
                .map(run -> threads.submit(() -> run.run(start, plan)))
                .toList();
        List<String> trouble = new ArrayList<>();
        watch(start, runs, parts, watch, trouble);
        List<ClientResult> results = results(runs, parts);
        return new StormReport(plan, on, image, results, server(watch, results, trouble), trouble);
    }

    private ClientRun ready(Station client, RunningServer server) {
        return new ClientRun(
                client, client.host().prepare(plan.share(client.member().hello().number(), server.address())));
    }

    /** Until each part has ended, or the server is lost: then they only wait for one another. */
    private void watch(
            long start,
            List<ClientRun> runs,
            List<Future<ClientResult.Reported>> parts,
            ServerWatch watch,
            List<String> trouble)
            throws InterruptedException {
        boolean holding = plan.holds();
        while (!parts.stream().allMatch(Future::isDone)) {
            Duration since = Duration.ofNanos(System.nanoTime() - start);
            if (holding && since.compareTo(plan.lasting()) >= 0) {
                holding = false;
                runs.forEach(ClientRun::release);
            }
            try {
                progress.look(since, watch.look());
            } catch (EvidenceMissing lost) {
                trouble.add(lost.getMessage() + crew.fate(crew.server()));
                return;
            }
            awaitOne(parts);
        }
    }

    private static void awaitOne(List<Future<ClientResult.Reported>> parts) throws InterruptedException {
        Future<ClientResult.Reported> open =
                parts.stream().filter(part -> !part.isDone()).findFirst().orElse(parts.getFirst());
        try {
            open.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // It is looked at again, in both cases.
        }
    }

    private List<ClientResult> results(List<ClientRun> runs, List<Future<ClientResult.Reported>> parts)
            throws InterruptedException {
        List<ClientResult> results = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            results.add(result(runs.get(i).station().member(), parts.get(i)));
        }
        return results;
    }

    private ClientResult result(Member client, Future<ClientResult.Reported> part) throws InterruptedException {
        if (!part.isDone()) {
            part.cancel(true);
            return lost(client, client.name() + " hadn't ended when the server was lost");
        }
        try {
            return part.get();
        } catch (ExecutionException e) {
            String fate = client.link().lost().isPresent() ? crew.fate(client) : "";
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return lost(client, cause.getMessage() + fate);
        }
    }

    private static ClientResult lost(Member client, String why) {
        return new ClientResult.Lost(client.hello().number(), client.hello().node(), why);
    }

    private Optional<ServerResult> server(ServerWatch watch, List<ClientResult> results, List<String> trouble)
            throws InterruptedException {
        if (!trouble.isEmpty()) {
            return Optional.empty();
        }
        long connected = results.stream()
                .filter(ClientResult.Reported.class::isInstance)
                .map(ClientResult.Reported.class::cast)
                .map(ClientResult.Reported::load)
                .mapToLong(LoadReport::connected)
                .sum();
        try {
            return Optional.of(watch.atRest(connected));
        } catch (EvidenceMissing lost) {
            trouble.add(lost.getMessage() + crew.fate(crew.server()));
            return Optional.empty();
        }
    }

    /** Does all at the same time; throws what the first that failed threw. */
    private <T> List<T> all(List<Callable<T>> actions) throws InterruptedException {
        List<T> results = new ArrayList<>();
        for (Future<T> action : threads.invokeAll(actions)) {
            try {
                results.add(action.get());
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
            }
        }
        return results;
    }

    /** Ends its threads, which wait for agents; ends no agent. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
