package io.tcplab.kernel.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A shell opens and closes what a search then finds, or needn't look for. */
class HolderSearchTest {
    private final HolderSearch search = new HolderSearch();
    private final Map<Integer, OpenDescriptors> descriptors = new HashMap<>();
    private ServerSocket server;
    private Process shell;
    private Writer commands;
    private BufferedReader answers;
    private int pid;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        shell = new ProcessBuilder("bash").start();
        commands = shell.outputWriter();
        answers = shell.inputReader();
        pid = Math.toIntExact(shell.pid());
        run("exec 5</dev/null");
        search.all(List.of(pid), descriptors);
    }

    @AfterEach
    void end() throws Exception {
        shell.destroyForcibly().waitFor();
        server.close();
    }

    @Test
    void whereNothingChangesTheResultIsTheSame() throws IOException {
        run(connect(6));
        SocketHolders first = next();
        for (int round = 0; round <= HolderSearch.ROUNDS; round++) {
            assertThat(next()).isSameAs(first);
        }
        assertThat(descriptors)
                .hasEntrySatisfying(pid, open -> assertThat(open.count()).isEqualTo(5));
    }

    @Test
    void oneDescriptorMoreIsSeen() throws IOException {
        run(connect(6));
        assertThat(next().byInode()).containsOnlyKeys(inode());
        assertThat(next().of(inode())).containsExactly(new SocketHolder(pid, 6));
        assertThat(descriptors)
                .hasEntrySatisfying(pid, open -> assertThat(open.count()).isEqualTo(5));
    }

    @Test
    void aSocketThatIsGoneIsMissed() throws IOException {
        run(connect(6));
        next();
        long inode = inode();
        run("exec 6</dev/null");
        assertThat(search.next(List.of(pid), Set.of(inode), Set.of(), descriptors)
                        .byInode())
                .isEmpty();
    }

    @Test
    void aNewSocketIsLookedForWhereNothingElseChanged() throws IOException {
        next();
        run(connect(5));
        assertThat(search.next(List.of(pid), Set.of(), Set.of(inode()), descriptors)
                        .byInode())
                .containsOnlyKeys(inode());
    }

    @Test
    void whatNothingShowsIsSeenInTime() throws IOException {
        run(connect(6));
        next();
        run("exec 6</dev/null");
        boolean seen = false;
        for (int round = 0; round < HolderSearch.ROUNDS; round++) {
            seen |= next().byInode().isEmpty();
        }
        assertThat(seen).isTrue();
    }

    @Test
    void whoSharesASocketComesInTheOrderOfPids() throws IOException {
        int self = Math.toIntExact(ProcessHandle.current().pid());
        SocketHolder low = new SocketHolder(Math.min(self, pid), 9);
        SocketHolder high = new SocketHolder(Math.max(self, pid), 3);
        assertThat(SocketHolders.joined(List.of(high), List.of(low))).containsExactly(low, high);
    }

    @Test
    void whatEndedHoldsNothing() throws Exception {
        run(connect(6));
        assertThat(next().byInode()).isNotEmpty();
        shell.destroyForcibly().waitFor();
        assertThat(next().byInode()).isEmpty();
        assertThat(search.next(List.of(), Set.of(), Set.of(), new HashMap<>()).gone())
                .isEmpty();
    }

    private SocketHolders next() {
        return search.next(List.of(pid), Set.of(), Set.of(), descriptors);
    }

    /** Of the only socket that the shell has. */
    private long inode() {
        return SocketHolders.of(List.of(pid)).byInode().keySet().iterator().next();
    }

    private String connect(int fd) {
        return "exec " + fd + "<>/dev/tcp/127.0.0.1/" + server.getLocalPort();
    }

    /** Returns when the shell has done it. */
    private void run(String command) throws IOException {
        commands.write(command + "; echo done\n");
        commands.flush();
        assertThat(answers.readLine()).isEqualTo("done");
    }
}
