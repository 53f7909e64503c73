package io.tcplab.kernels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A job in a guest: boots a kernel over this machine's files, which stay as they are, and runs the command there. */
public final class Guest {
    /** By KVM a guest's first process speaks after a second or two, if ever: one that is nested may hang at its first instruction. */
    private static final Duration KVM_PATIENCE = Duration.ofSeconds(20);

    private static final long LOOK_MILLIS = 100;
    private static final int LAST_LINES = 8;
    private static final String BOOTED = "lab: booted";

    private final Kernel kernel;
    private final GuestJob job;
    private final GuestMachine machine;
    private final GuestListener listener;
    private final Tail console;
    private final Tail messages;

    /**
     * A job.
     *
     * @param job its folder must be there
     */
    public Guest(Kernel kernel, GuestJob job, GuestMachine machine, GuestListener listener) {
        this.kernel = kernel;
        this.job = job.withResultsIn(StartScript.OUT);
        this.machine = machine;
        this.listener = listener;
        console = new Tail(job.folder().resolve(JobFiles.CONSOLE));
        messages = new Tail(job.folder().resolve(JobFiles.MESSAGES));
    }

    /**
     * Boots and waits for the end. The calling thread must live until then: the guest dies with it.
     *
     * @throws KernelsException if the kernel can't be booted, for want of a module or a program
     * @throws InterruptedException if it was interrupted; the guest has ended then
     */
    public GuestOutcome run() throws IOException, InterruptedException {
        byte[] initramfs = Initramfs.build(kernel, Requirements.busybox(), StartScript.of(job, kernel));
        return run(initramfs, job.silence());
    }

    /** The same, from an initramfs that is whole already, and with another limit once it has booted. */
    GuestOutcome run(byte[] initramfs, Duration silence) throws IOException, InterruptedException {
        if (machine.accelerator() == Accelerator.KVM) {
            Optional<GuestOutcome> outcome = attempt(initramfs, Accelerator.KVM, KVM_PATIENCE, silence);
            if (outcome.isPresent()) {
                return outcome.get();
            }
            listener.note("KVM doesn't work here (%s), so the guest is emulated, which is slower".formatted(noKvm()));
            Files.deleteIfExists(job.folder().resolve(JobFiles.CONSOLE));
        }
        return attempt(initramfs, Accelerator.TCG, job.silence(), silence)
                .orElseGet(() -> lost(
                        "it didn't boot within %d s".formatted(job.silence().toSeconds())));
    }

    private String noKvm() throws IOException {
        List<String> words = new Tail(job.folder().resolve(JobFiles.EMULATOR)).last(LAST_LINES);
        return words.isEmpty()
                ? "no sign of life within %d s".formatted(KVM_PATIENCE.toSeconds())
                : words.stream()
                        .filter(line ->
                                line.contains("error:")) // what follows may be a failed assertion in QEMU's source
                        .findFirst()
                        .orElse(words.getLast());
    }

    /** Empty if its first process hadn't spoken by then. */
    private Optional<GuestOutcome> attempt(
            byte[] initramfs, Accelerator accelerator, Duration patience, Duration silence)
            throws IOException, InterruptedException {
        listener.booting(accelerator);
        Process process = start(initramfs, accelerator);
        try {
            long start = System.nanoTime();
            if (!awaitBoot(process, start + patience.toNanos())) {
                boolean hung = process.isAlive();
                return accelerator == Accelerator.TCG && !hung
                        ? Optional.of(lost("it went down while it booted"))
                        : Optional.empty();
            }
            return Optional.of(awaitEnd(process, start, silence));
        } finally {
            process.destroyForcibly();
            process.onExit().join();
        }
    }

    private Process start(byte[] initramfs, Accelerator accelerator) throws IOException {
        try (UnlinkedFile input = UnlinkedFile.in(job.folder(), initramfs)) {
            Path words = job.folder().resolve(JobFiles.EMULATOR);
            return new ProcessBuilder(machine.qemu().command(kernel, accelerator, job.folder()))
                    .redirectInput(input.path().toFile())
                    .redirectOutput(words.toFile())
                    .redirectErrorStream(true)
                    .start();
        }
    }

    private boolean awaitBoot(Process process, long deadline) throws IOException, InterruptedException {
        do {
            if (console.has(BOOTED)) {
                return true;
            }
            if (process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                return console.has(BOOTED);
            }
        } while (System.nanoTime() < deadline);
        return false;
    }

    private GuestOutcome awaitEnd(Process process, long start, Duration silence)
            throws IOException, InterruptedException {
        boolean started = false;
        long heard = System.nanoTime();
        long size = 0;
        boolean alive;
        do {
            alive = !process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            if (!started && messages.exists()) {
                started = true;
                listener.started((System.nanoTime() - start) / 1e9);
            }
            messages.more().forEach(listener::said);
            long now = console.size() + messages.size();
            if (now > size) {
                size = now;
                heard = System.nanoTime();
            }
            if (System.nanoTime() - heard > silence.toNanos()) {
                return lost("it said nothing for %d s".formatted(silence.toSeconds()));
            }
        } while (alive);
        return ended(started);
    }

    private GuestOutcome ended(boolean started) throws IOException {
        Path code = job.folder().resolve(JobFiles.CODE);
        if (!Files.exists(code)) {
            return lost(started ? "it went down before the lab had ended" : "it went down before the lab was started");
        }
        int value = Integer.parseInt(Files.readString(code).strip());
        Files.delete(code);
        return new GuestOutcome.Ended(value);
    }

    private GuestOutcome lost(String reason) {
        try {
            List<String> last = console.last(LAST_LINES);
            return new GuestOutcome.Lost(
                    reason, last.isEmpty() ? new Tail(job.folder().resolve(JobFiles.EMULATOR)).last(LAST_LINES) : last);
        } catch (IOException e) {
            return new GuestOutcome.Lost(reason, List.of());
        }
    }
}
