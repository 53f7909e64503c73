package io.tcplab.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guests that boot a real kernel; {@code scripts/test} fetches it, and names it in LAB_TEST_KERNEL. */
@Tag("slow")
class GuestTest {
    private static final Kernel KERNEL = Kernels.here().find(System.getenv().getOrDefault("LAB_TEST_KERNEL", "6.1"));

    @TempDir
    private Path folder = Path.of("");

    private final List<String> said = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    @Test
    void runsACommandOverThisMachinesFilesWhichStayAsTheyAre() throws Exception {
        String script = "uname -r; echo changed >%1$s; cat %1$s; echo 'a word' >&2; echo kept >%2$s/kept; exit 3"
                .formatted(folder.resolve("outside"), GuestJob.OUT);
        Path own = Files.createDirectory(folder.resolve("own"));
        GuestOutcome outcome =
                guest(own, Duration.ofMinutes(4), "sh", "-c", script).run();
        assertThat(outcome).as(console(own)).isEqualTo(new GuestOutcome.Ended(3));
        assertThat(own.resolve(JobFiles.OUTPUT)).hasContent(KERNEL.release() + "\nchanged\n");
        assertThat(folder.resolve("outside")).doesNotExist();
        assertThat(own.resolve("kept")).hasContent("kept\n");
        assertThat(said).contains("a word");
        assertThat(Files.readString(own.resolve("kernel.log"))).contains("Linux version " + KERNEL.release());
        try (Stream<Path> left = Files.list(own)) {
            assertThat(left)
                    .extracting(Path::getFileName)
                    .map(Path::toString)
                    .noneMatch(name -> name.contains("initramfs"));
        }
    }

    @Test
    void aGuestThatHangsIsEndedAndItsLastWordsAreTold() throws Exception {
        byte[] sleeping = new Cpio()
                .directory("bin")
                .directory("dev")
                .characterDevice("dev/console", 5, 1)
                .file("bin/busybox", 0755, Files.readAllBytes(Requirements.busybox()))
                .file(
                        "init",
                        0755,
                        bytes("#!/bin/busybox sh\necho 'lab: booted, and asleep'\nexec /bin/busybox sleep 100000\n"))
                .finish();
        Guest guest = new Guest(KERNEL, job(folder, Duration.ofSeconds(100), "true"), machine(), new Silence());
        assertThat(guest.run(sleeping, Duration.ofSeconds(2))).isInstanceOfSatisfying(GuestOutcome.Lost.class, lost -> {
            assertThat(lost.reason()).isEqualTo("it said nothing for 2 s");
            assertThat(lost.lastLines()).contains("lab: booted, and asleep");
        });
        assertThat(ProcessHandle.current().descendants().filter(GuestTest::isGuest))
                .isEmpty();
    }

    @Test
    void isEmulatedWhereKvmFailsAndSaysWhy() throws Exception {
        Path qemu = Files.writeString(folder.resolve("qemu"), """
                #!/bin/sh
                case "$*" in *kvm*) echo 'qemu: error: failed to set MSR'; echo 'Assertion failed' ; exit 134 ;; esac
                echo 'emulating, and going down'
                """);
        Files.setPosixFilePermissions(qemu, PosixFilePermissions.fromString("rwx------"));
        GuestMachine machine = new GuestMachine(Accelerator.KVM, qemu, 2, 64);
        Guest guest = new Guest(KERNEL, job(folder, Duration.ofSeconds(100), "true"), machine, new Silence());
        assertThat(guest.run(new byte[0], Duration.ofSeconds(100)))
                .isEqualTo(new GuestOutcome.Lost("it went down while it booted", List.of("emulating, and going down")));
        assertThat(notes).singleElement().asString().contains("KVM doesn't work here (qemu: error: failed to set MSR)");
    }

    private Guest guest(Path own, Duration silence, String... command) {
        return new Guest(KERNEL, job(own, silence, command), machine(), new Silence());
    }

    private static GuestJob job(Path own, Duration silence, String... command) {
        return new GuestJob(
                List.of(command), Path.of("/"), Map.of("PATH", "/usr/bin:/bin"), 1024, own.toAbsolutePath(), silence);
    }

    private static GuestMachine machine() {
        return GuestMachine.here(1);
    }

    private static boolean isGuest(ProcessHandle process) {
        return process.info().command().orElse("").contains("qemu");
    }

    private static String console(Path own) throws IOException {
        Path console = own.resolve(JobFiles.CONSOLE);
        return Files.exists(console) ? Files.readString(console) : "no console";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private final class Silence implements GuestListener {
        @Override
        public void booting(Accelerator accelerator) {}

        @Override
        public void note(String text) {
            notes.add(text);
        }

        @Override
        public void started(double seconds) {}

        @Override
        public void said(String line) {
            said.add(line);
        }
    }
}
