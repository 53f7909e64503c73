package io.tcplab.kernel.netns;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.support.Await;
import io.tcplab.kernel.support.ChildJvm;
import io.tcplab.kernel.support.NamespaceScan;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What becomes of namespaces when their process is killed, or lacks the rights. */
class NamespaceProcessTest {
    /** Holds a namespace by a descriptor and by a thread that sits inside. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws InterruptedException {
            Namespace namespace = Namespace.create("held");
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch never = new CountDownLatch(1);
            Thread sitter = namespace.threadFactory("sitter").newThread(() -> {
                inside.countDown();
                waitFor(never);
            });
            sitter.start();
            inside.await();
            System.out.println(namespace.inode());
            never.await();
        }

        private static void waitFor(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Tries what it has no right to do. */
    static final class Powerless {
        private Powerless() {}

        public static void main(String[] args) {
            try {
                Namespace.create("forbidden").close();
                System.out.println("created");
            } catch (KernelException e) {
                System.out.println(e.errno() + "|" + e.operation() + "|" + e.remedy());
            }
            System.out.println(Namespace.current().call(() -> "inside"));
        }
    }

    @Test
    void sigkillLeavesNothing() throws Exception {
        try (ChildJvm child = ChildJvm.start(List.of(), Holder.class)) {
            long inode = Long.parseLong(child.line());
            // A descriptor and a thread; the thread that made the namespace may still be on its way out.
            Await.until(() -> NamespaceScan.holders(inode), holders -> holders.size() == 2);
            child.kill();
            Await.until(() -> NamespaceScan.holders(inode), List::isEmpty);
        }
    }

    @Test
    void withoutTheCapabilityTheErrorNamesTheRemedy() throws Exception {
        List<String> withoutSysAdmin = List.of("setpriv", "--bounding-set", "-sys_admin", "--inh-caps", "-sys_admin");
        try (ChildJvm child = ChildJvm.start(withoutSysAdmin, Powerless.class)) {
            assertThat(child.line()).startsWith("EPERM|create network namespace forbidden|run as root, or through lab");
            assertThat(child.line()).as("the own namespace needs no capability").isEqualTo("inside");
        }
    }
}
