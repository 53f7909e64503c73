package io.tcplab.cli;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tcplab.client.LabClient;
import io.tcplab.client.LoadPlan;
import io.tcplab.client.ShortLived;
import io.tcplab.client.Stop;
import io.tcplab.diagnose.Diagnosis;
import io.tcplab.diagnose.Diagnostician;
import io.tcplab.diagnose.sample.Target;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.report.DiagnosisJson;
import io.tcplab.report.Json;
import io.tcplab.server.LabServer;
import io.tcplab.server.ServerOptions;
import io.tcplab.server.WellBehaved;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;

/**
 * Does a little of everything, so that the JVM learns which classes to keep in its AOT cache. {@code scripts/lab} starts
 * it once after a build. It needs no privilege, though it learns more with the right to make a network namespace, and only
 * talks to itself. Its argument is a folder for the run's results, which the caller removes.
 */
public final class Rehearsal {
    private static final int WIDTH = 100;

    private static final int CONNECTIONS = 20;
    private static final int PAYLOAD = 64; // bytes
    private static final long WITHIN = 60; // seconds

    private Rehearsal() {}

    /** Fails if any part fails; the lab then does without the cache. */
    public static void main(String[] args) throws Exception {
        PrintWriter nowhere = new PrintWriter(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        Screen screen = new Screen(nowhere, nowhere, true, true, Help.defaultColorScheme(Ansi.ON), WIDTH);
        rehearse(screen, "--version");
        rehearse(screen, "help", "run");
        rehearse(screen, "list");
        rehearse(screen, "explain", "close-wait-leak");
        rehearse(screen, "run", "--help");
        rehearse(screen, "diagnose", "--help");
        lookAround();
        try (Namespace own = Namespace.create("rehearsal")) {
            run(screen, args[0], "three-way-handshake", "linger-reset");
            AgentRehearsal.rehearse(own.threadFactory("agent"));
            connect(own.threadFactory("rehearsal"));
        } catch (KernelException forbidden) { // as where an image is built, whose agents do what a host does in a run
            run(screen, args[0], "netty-half-closure", "--sandbox", "host");
            AgentRehearsal.rehearse(Thread.ofPlatform().daemon().factory());
            connect(Thread.ofPlatform().daemon().factory());
        }
    }

    /** Whatever its verdict is: on a busy machine it may be inconclusive, and has loaded what a run needs all the same. */
    private static void run(Screen screen, String folder, String... experiment) {
        List<String> command = new ArrayList<>(List.of("run", "--out", folder));
        command.addAll(List.of(experiment));
        execute(screen, command.toArray(String[]::new));
    }

    /** Whatever is wrong here: what a look runs has to be quick from the first one. */
    private static void lookAround() throws InterruptedException {
        Diagnosis diagnosis = Diagnostician.diagnose(new Target.InNamespace("self"), Duration.ofSeconds(1));
        Json.write(DiagnosisJson.of(diagnosis), Writer.nullWriter());
        diagnosis.text();
    }

    private static void rehearse(Screen screen, String... command) {
        int code = execute(screen, command);
        if (code != ExitCode.CONFIRMED) {
            throw new IllegalStateException(String.join(" ", command) + " exits with " + code);
        }
    }

    private static int execute(Screen screen, String... command) {
        return Lab.commandLine(screen, command).execute(command);
    }

    private static void connect(ThreadFactory threads) throws Exception {
        connect(threads, 0);
        connect(threads, PAYLOAD);
    }

    private static void connect(ThreadFactory threads, int payload) throws Exception {
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (LabServer server = LabServer.start(
                        ServerOptions.at(loopback), new WellBehaved(), threads, new SimpleMeterRegistry());
                LabClient client = LabClient.start(
                        LoadPlan.of(new ShortLived(), server.address())
                                .withPayloadBytes(payload)
                                .withStop(new Stop.AfterCount(CONNECTIONS)),
                        threads)) {
            client.finished().get(WITHIN, TimeUnit.SECONDS);
        }
    }
}
