package io.tcplab.kernel.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.support.Await;
import io.tcplab.kernel.support.ChildJvm;
import io.tcplab.kernel.support.Command;
import io.tcplab.kernel.support.NamespaceScan;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The wire of an ordinary user, and what becomes of one whose process is killed. */
class WireProcessTest {
    /** What scripts/lab does for who isn't root. */
    private static final List<String> ROOTLESS = List.of("unshare", "--user", "--map-root-user", "--net");

    private static final List<String> ITS_OWN = List.of("lo");

    /** Loses the first SYN, forwards its retransmission, and stays. */
    static final class Interferer {
        private Interferer() {}

        public static void main(String[] args) throws Exception {
            WireCell cell = new WireCell();
            RuleHandle lost = cell.wire()
                    .add(Rule.drop("first SYN", Match.toServer().syn().nth(1)));
            ServerSocketChannel listener = cell.listen();
            cell.connect(listener);
            cell.wire().await(s -> s.segment().has(TcpFlag.SYN) && s.delivered(), Duration.ofSeconds(20));
            System.out.println(lost.matched() + " lost of " + lost.seen() + ", "
                    + cell.wire().losses().total() + " by the wire's fault");
            new CountDownLatch(1).await();
        }
    }

    /** Where the child starts from: on the real host others make interfaces and remove them, too. */
    @AutoClose
    private final Namespace host = Namespace.create("host");

    @Test
    void itWorksInAUserNamespaceAndSigkillLeavesNothing() throws Exception {
        assertThat(interfaces()).isEqualTo(ITS_OWN);
        try (ChildJvm child = ChildJvm.start(inside(host, ROOTLESS), Interferer.class)) {
            assertThat(child.line()).isEqualTo("1 lost of 2, 0 by the wire's fault");
            assertThat(interfaces()).as("interfaces of its host").isEqualTo(ITS_OWN);
            List<Long> namespaces = namespacesHeldBy(child.pid());
            assertThat(namespaces).as("client, server and the wire's").hasSizeGreaterThanOrEqualTo(3);
            child.kill();
            for (long namespace : namespaces) {
                Await.until(() -> NamespaceScan.holders(namespace), List::isEmpty);
            }
        }
        assertThat(interfaces()).isEqualTo(ITS_OWN);
    }

    private static List<String> inside(Namespace namespace, List<String> command) {
        return Stream.concat(Command.entering(namespace).stream(), command.stream())
                .toList();
    }

    /** Those to which it has descriptors, this process's own left out. */
    private static List<Long> namespacesHeldBy(long pid) throws IOException {
        String own = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
        List<Long> inodes = new ArrayList<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path descriptor : descriptors) {
                String target = Files.readSymbolicLink(descriptor).toString();
                if (target.startsWith("net:[") && !target.equals(own)) {
                    inodes.add(Long.parseLong(target.substring("net:[".length(), target.length() - 1)));
                }
            }
        }
        return inodes;
    }

    /** By ip(8): Java reads /proc/net, which shows the namespace of the process and not the thread's. */
    private List<String> interfaces() throws Exception {
        return Command.in(host, "ip", "-brief", "link").stream()
                .map(line -> line.split(" ", -1)[0])
                .toList();
    }
}
