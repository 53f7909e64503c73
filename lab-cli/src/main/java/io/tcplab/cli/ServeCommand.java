package io.tcplab.cli;

import io.tcplab.diagnose.sample.Target;
import io.tcplab.serve.LivePage;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lab serve}. */
@Command(
        name = "serve",
        sortOptions = false,
        description = {
            "Serves a live page: TCP's state diagram with the sockets of a target, or of an experiment that you start"
                    + " on the page, as they move through it.",
            "Open the printed URL in a browser. It has a secret token: whoever knows the URL can start experiments."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 2:this user may not see enough",
            " 64:no such target, or the address can't be listened on",
            "130:Ctrl-C"
        },
        footer = {
            "  lab serve                               experiments, chosen on the page",
            "  lab serve --port 8080                   a live server's sockets, with findings as they appear",
            "  sudo lab serve --container shop-api",
            "  lab serve --listen 127.0.0.1:7000       a fixed port, for ssh -L 7000:127.0.0.1:7000"
        })
final class ServeCommand extends ScreenCommand {
    @Mixin
    private final TargetOptions targets = new TargetOptions();

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS:PORT",
            defaultValue = "127.0.0.1:0",
            description = "Where to serve the page; port 0 is any free one (default: ${DEFAULT-VALUE}).")
    private String listen = "127.0.0.1:0";

    @Mixin
    private final SandboxOption cells = new SandboxOption();

    @Mixin
    private final OutOption out = new OutOption();

    ServeCommand(Screen screen) {
        super(screen);
    }

    @Override
    public Integer call() throws Exception {
        InetSocketAddress address = Addresses.withPort("--listen", listen);
        Optional<Target> target = targets.ifGiven();
        try (LivePage page = LivePage.start(address, target, cells.sandbox(), out.folder())) {
            warn(address);
            screen.out().println(page.url());
            screen.out().flush();
            screen.err().println("Open this URL in a browser; Ctrl-C ends it.");
            new CountDownLatch(1).await();
            return ExitCode.CONFIRMED;
        }
    }

    private void warn(InetSocketAddress address) {
        if (!address.getAddress().isLoopbackAddress()) {
            screen.err()
                    .println("lab: --listen " + listen
                            + ": other machines can reach this page, and HTTP isn't encrypted: anyone who sees the"
                            + " traffic can start experiments here. With ssh -L it can stay on 127.0.0.1.");
        }
    }
}
