package io.tcplab.serve;

import io.tcplab.experiments.UsageException;
import io.tcplab.experiments.cell.Sandboxes;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * An experiment in a process of its own, which is in a user namespace. It reads an {@link Order}, a line of JSON, and prints {@link
 * Report}s, a line each. The end of its input is its end: so it outlives the page by nothing, whatever ends that.
 */
final class RunProcess {
    /** As often as the page makes frames. */
    private static final Duration SHORTEST = Duration.ofMillis(50);
    /** If nothing changes: rates fall to nothing. */
    private static final Duration LONGEST = Duration.ofMillis(250);

    private final Semaphore news = new Semaphore(1);
    private final PrintStream out;

    /** What is to be run. */
    record Order(String experiment, Map<String, String> set, String sandbox, String out) {}

    /**
     * How far it is.
     *
     * @param error why it can't be done as asked, and then nothing else
     */
    record Report(Optional<String> error, List<LiveFrame.Host> hosts, Optional<LiveFrame.Run> run) {}

    private RunProcess(PrintStream out) {
        this.out = out;
    }

    /** This process's side. */
    public static void main(String[] args) throws IOException, InterruptedException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String order = in.readLine();
        if (order != null) {
            PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
            new RunProcess(out).run(LiveJson.read(order, Order.class), in);
        }
    }

    /** The command that starts it, as {@code scripts/lab} would start a run. */
    static List<String> inUserNamespace() {
        List<String> command = new ArrayList<>(List.of("unshare", "--user", "--map-root-user", "--net"));
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "-Xlog:disable",
                "-Xlog:all=warning:stderr",
                "-Djava.library.path=" + System.getProperty("java.library.path", ""),
                "-cp",
                System.getProperty("java.class.path"),
                RunProcess.class.getName()));
        return command;
    }

    private void run(Order order, BufferedReader in) throws InterruptedException {
        RunFeed feed;
        try {
            feed = RunFeed.start(
                    order.experiment(),
                    order.set(),
                    Sandboxes.byName(order.sandbox()),
                    Path.of(order.out()),
                    () -> news.release());
        } catch (UsageException e) {
            print(new Report(Optional.of(String.valueOf(e.getMessage())), List.of(), Optional.empty()));
            return;
        }
        // Ctrl-C reaches all processes of the terminal.
        Runtime.getRuntime().addShutdownHook(new Thread(feed::close));
        Thread.ofPlatform().daemon().start(() -> {
            awaitEnd(in);
            feed.stop();
        });
        while (feed.isRunning()) {
            print(reportOf(feed));
            Thread.sleep(SHORTEST);
            if (news.tryAcquire(LONGEST.toMillis(), TimeUnit.MILLISECONDS)) {
                news.drainPermits();
            }
        }
        print(reportOf(feed));
    }

    private static Report reportOf(RunFeed feed) {
        return new Report(Optional.empty(), feed.hosts(), Optional.of(feed.view()));
    }

    private void print(Report report) {
        out.println(LiveJson.text(report));
        out.flush();
    }

    private static void awaitEnd(BufferedReader in) {
        try {
            while (in.readLine() != null) {
                // only its end says anything
            }
        } catch (IOException end) {
            // is its end, too
        }
    }
}
