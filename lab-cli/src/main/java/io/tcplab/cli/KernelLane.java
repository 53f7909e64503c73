package io.tcplab.cli;

import io.tcplab.kernel.limits.Capabilities;
import io.tcplab.kernel.limits.FdLimit;
import io.tcplab.kernel.limits.KernelRelease;
import io.tcplab.kernels.Accelerator;
import io.tcplab.kernels.Guest;
import io.tcplab.kernels.GuestJob;
import io.tcplab.kernels.GuestListener;
import io.tcplab.kernels.GuestMachine;
import io.tcplab.kernels.GuestOutcome;
import io.tcplab.kernels.Kernel;
import io.tcplab.kernels.KernelsException;
import io.tcplab.kernels.LocalJob;
import io.tcplab.report.KernelRun;
import io.tcplab.report.StoredReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** A command on one kernel, from its folder to what it reported. */
final class KernelLane implements GuestListener {
    /** The lab's own limit, beyond which nothing here goes. */
    private static final long MOST_FILES = 65_536;

    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /** Codes by which the lab itself says what was wrong, even without a report. */
    private static final Set<Integer> SAID = Set.of(ExitCode.USAGE, ExitCode.INTERNAL, ExitCode.INTERRUPTED);

    private final KernelOption.Lane lane;
    private final Shared shared;
    private String accelerator = "";
    private double bootSeconds;

    /**
     * What the lanes have in common.
     *
     * @param machine for guests; its accelerator gives way once it has been found not to work
     * @param folder of the whole invocation
     */
    record Shared(
            AtomicReference<Optional<GuestMachine>> machine,
            List<String> command,
            Duration silence,
            Path folder,
            KernelProgress progress) {
        Shared(
                Optional<GuestMachine> machine,
                List<String> command,
                Duration silence,
                Path folder,
                KernelProgress progress) {
            this(new AtomicReference<>(machine), command, silence, folder, progress);
        }
    }

    /**
     * What came of it.
     *
     * @param run empty if Ctrl-C came before it had begun
     * @param code as the lab there exited; inconclusive if it was lost
     */
    record Ended(Optional<KernelRun> run, int code) {}

    KernelLane(KernelOption.Lane lane, Shared shared) {
        this.lane = lane;
        this.shared = shared;
    }

    Ended run() throws IOException {
        Path folder = Files.createDirectory(shared.folder().resolve(folderName()));
        GuestJob job = new GuestJob(
                command(),
                Path.of("").toAbsolutePath(),
                Map.of("PATH", PATH, "HOME", "/root", "LANG", "C.UTF-8", "TERM", "dumb"),
                Math.min(MOST_FILES, FdLimit.current().soft()),
                folder,
                shared.silence());
        long start = System.nanoTime();
        GuestOutcome outcome;
        boolean interrupted = false;
        try {
            outcome = lane.kernel().isPresent()
                    ? guest(lane.kernel().get(), job)
                    : new LocalJob(job, this).run(launcher());
        } catch (InterruptedException e) {
            interrupted = true;
            outcome = new GuestOutcome.Lost("interrupted", List.of());
        } catch (KernelsException e) {
            outcome = new GuestOutcome.Lost(String.valueOf(e.getMessage()), List.of());
        }
        shared.progress().finished(lane.name());
        return ended(outcome, job, (System.nanoTime() - start) / 1e9, interrupted);
    }

    @Override
    public void booting(Accelerator by) {
        accelerator = by.label();
        if (by == Accelerator.TCG) {
            shared.machine().updateAndGet(machine -> machine.map(known -> known.with(by)));
        }
        shared.progress().step(lane.name(), "booting Linux " + release() + " (" + by.label() + ")");
    }

    @Override
    public void note(String text) {
        shared.progress().note(lane.name() + ": " + text);
    }

    @Override
    public void started(double seconds) {
        bootSeconds = seconds;
        shared.progress().step(lane.name(), "the lab starts");
    }

    @Override
    public void said(String line) {
        if (!line.startsWith("results: ")) { // a folder of the guest's
            shared.progress().step(lane.name(), line);
        }
    }

    private List<String> command() {
        return lane.kernel().isEmpty() ? shared.command() : LabCommand.inGuest(shared.command());
    }

    private GuestOutcome guest(Kernel kernel, GuestJob job) throws IOException, InterruptedException {
        return new Guest(kernel, job, shared.machine().get().orElseThrow(), this).run();
    }

    private Ended ended(GuestOutcome outcome, GuestJob job, double seconds, boolean interrupted) {
        boolean whole = Files.exists(job.folder().resolve(LabCommand.REPORT));
        int code = switch (outcome) {
            case GuestOutcome.Ended ended ->
                whole || SAID.contains(ended.code()) ? ended.code() : ExitCode.INCONCLUSIVE;
            case GuestOutcome.Lost lost -> interrupted ? ExitCode.INTERRUPTED : ExitCode.INCONCLUSIVE;
        };
        String problem = switch (outcome) {
            case GuestOutcome.Lost lost -> lost.reason();
            case GuestOutcome.Ended ended -> whole ? "" : early(job);
        };
        List<String> lastLines = outcome instanceof GuestOutcome.Lost lost ? lost.lastLines() : List.of();
        return new Ended(
                Optional.of(new KernelRun(
                        lane.name(),
                        release(),
                        accelerator,
                        bootSeconds,
                        seconds,
                        problem,
                        lastLines,
                        report(job.folder()))),
                code);
    }

    private static String early(GuestJob job) {
        String words = job.lastWords().orElse("it said nothing");
        return Files.exists(job.folder().resolve(LabCommand.CRASH))
                ? "Java crashed there: see %s in its folder".formatted(LabCommand.CRASH)
                : "the lab ended there before its report: " + words;
    }

    /** The whole one, or what was there of it when the guest was lost. */
    private static Optional<StoredReport> report(Path folder) {
        return Stream.of(LabCommand.REPORT, "latest/claims.json", "latest/result.json")
                .map(folder::resolve)
                .filter(Files::isReadable)
                .flatMap(file -> {
                    try {
                        return Stream.of(StoredReport.read(file));
                    } catch (IOException e) {
                        return Stream.empty(); // it was lost while it wrote
                    }
                })
                .findFirst();
    }

    /** This machine's kernel may also be booted, beside itself. */
    private String folderName() {
        return lane.kernel().isPresent() ? release() : "host";
    }

    private String release() {
        return lane.kernel()
                .map(Kernel::release)
                .orElseGet(() -> KernelRelease.current().text());
    }

    /** What makes cells needs a user namespace, if this user isn't root; guests need none. */
    private static List<String> launcher() {
        Capabilities capabilities = Capabilities.effective();
        return capabilities.has("CAP_SYS_ADMIN") && capabilities.has("CAP_NET_ADMIN")
                ? List.of()
                : List.of("unshare", "--user", "--map-root-user", "--net");
    }
}
