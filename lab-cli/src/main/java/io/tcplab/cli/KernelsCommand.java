package io.tcplab.cli;

import io.tcplab.experiments.UsageException;
import io.tcplab.kernel.limits.KernelRelease;
import io.tcplab.kernels.Kernel;
import io.tcplab.kernels.Kernels;
import io.tcplab.kernels.KernelsException;
import io.tcplab.kernels.Packages;
import io.tcplab.report.KernelListJson;
import io.tcplab.report.KernelListJson.Entry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lab kernels}. */
@Command(
        name = "kernels",
        sortOptions = false,
        description =
                "Lists the kernels that --kernel of run and claims can boot: those of this machine, those that the lab has"
                        + " fetched, and those that apt has packages of.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {" 0:listed, or fetched", " 2:it couldn't be fetched", "64:usage: the options don't go together"
        },
        footer = {
            "  lab kernels                   what can be booted, and what apt could fetch",
            "  lab kernels --fetch 6.1       the newest 6.1 that apt has, into ~/.cache/tcp-lab, without installing it",
            "  lab run close-wait-leak --kernel 6.1,host",
            "  lab claims --kernel /srv/kernel/boot/vmlinuz-5.15.0-91-generic,host"
        })
final class KernelsCommand extends ScreenCommand {
    @Option(
            names = "--fetch",
            paramLabel = "VERSION",
            description = "Fetch the newest kernel of this version by apt-get, and unpack it in the user's cache.")
    private @Nullable String fetch;

    @Mixin
    private final JsonOption json = new JsonOption();

    KernelsCommand(Screen screen) {
        super(screen);
    }

    @Override
    public Integer call() throws Exception {
        json.check();
        if (fetch != null) {
            return fetch(fetch);
        }
        List<Entry> entries = entries();
        json.write(() -> new KernelListJson(entries), screen, () -> entries.forEach(this::print));
        return ExitCode.CONFIRMED;
    }

    private int fetch(String version) throws InterruptedException {
        if (json.isStandardOutput()) {
            throw new UsageException("--fetch has nothing for --json: leave one of them out");
        }
        try {
            Kernel kernel = fetched(version);
            screen.out().println("%s: %s".formatted(kernel.release(), kernel.image()));
            return ExitCode.CONFIRMED;
        } catch (KernelsException e) {
            screen.err().println("lab: " + e.getMessage());
            return ExitCode.INCONCLUSIVE;
        }
    }

    private Kernel fetched(String version) throws InterruptedException {
        Packages packages = new Packages(Packages.userCache());
        if (!screen.errIsTerminal()) {
            return packages.fetch(version, screen.err()::println);
        }
        try (LiveLines lines = new LiveLines(screen)) {
            return packages.fetch(version, lines);
        }
    }

    private static List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        entries.add(new Entry("host", KernelRelease.current().text(), "this machine's", "", true));
        Kernels kernels = Kernels.here();
        Set<String> there = new HashSet<>();
        Stream.concat(kernels.installed().stream(), kernels.fetched().stream()).forEach(kernel -> {
            there.add(kernel.release());
            entries.add(entry(kernel));
        });
        new Packages(Packages.userCache())
                .known().stream()
                        .filter(release -> !there.contains(release))
                        .forEach(release -> entries.add(
                                new Entry(release, release, "package", Packages.packageOf(release), false)));
        return entries;
    }

    private static Entry entry(Kernel kernel) {
        return new Entry(
                kernel.release(),
                kernel.release(),
                kernel.origin().label(),
                kernel.image().toString(),
                kernel.isReady());
    }

    private void print(Entry entry) {
        String what = switch (entry.origin()) {
            case "package" -> entry.place() + ": lab kernels --fetch " + entry.release();
            case "this machine's" -> "Linux " + entry.release() + ", this machine's own";
            default -> entry.place() + (entry.ready() ? "" : ": can't be read by this user, or has no modules");
        };
        screen.out().println("%-26s %-14s %s".formatted(entry.name(), entry.origin(), what));
    }
}
