package io.tcplab.serve;

import io.tcplab.diagnose.sample.Target;
import io.tcplab.experiments.cell.Sandbox;
import io.tcplab.transport.http.HttpBounds;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/** The live page, from its start to its end. */
public final class LivePage implements AutoCloseable {
    private final Board board;
    private final PageServer server;

    private LivePage(Board board, PageServer server) {
        this.board = board;
        this.server = server;
    }

    /**
     * Begins to look at the target and to serve the page.
     *
     * @param listen where; port 0 lets the kernel choose
     * @param target what to look at; nothing for experiments only
     * @param sandbox makes the experiments' cells; if it isn't available the page says why
     * @param out where experiments' results folders are made
     * @throws io.tcplab.experiments.UsageException if the address can't be listened on
     * @throws io.tcplab.diagnose.sample.TargetException if there is no such target, or this user may not look
     */
    public static LivePage start(InetSocketAddress listen, Optional<Target> target, Sandbox sandbox, Path out) {
        Board board = new Board(target, sandbox, out);
        try {
            return new LivePage(board, PageServer.start(listen, HttpBounds.standard(), board));
        } catch (RuntimeException e) {
            board.close();
            throw e;
        }
    }

    /** Where a browser finds it. Whoever knows it can use the page. */
    public String url() {
        return server.url();
    }

    /** Ends the running experiment, and then the page; on return the experiment's cells are gone. */
    @Override
    public void close() {
        server.close();
        board.close();
    }
}
