package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.causes.Unread.Held;
import io.tcplab.diagnose.sample.ProcessSample;
import io.tcplab.kernel.processes.SystemCall;
import io.tcplab.kernel.processes.ThreadCall;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the threads of a process are at, seen from sockets that nobody reads. Only of the program's own threads: those of a runtime,
 * and of the kernel's rings, wait whatever the program does.
 *
 * @param sockets the descriptors of what nobody reads
 */
record Threads(Evidence evidence, ProcessSample process, Set<Long> sockets) {
    private static final int TOLD = 6;

    /** Of more sockets it isn't looked for which of them a thread waits for. */
    private static final int FEW_SOCKETS = 50_000;

    /** By the beginning of their names: the JVM's, V8's and libuv's, .NET's. Pools that run the program's work aren't among them. */
    private static final Pattern OF_A_RUNTIME = Pattern.compile(
            "(java|GC Thread|G1 |VM |C[12] Comp|Signal Disp|Finalizer|Reference |Common-Clea|Cleaner-|Service Thr"
                    + "|Monitor Def|Notificatio|Attach List|Sweeper|process reap|Training rep|AsyncLog|StringDedup|JFR |JVMCI"
                    + "|Z(Driver|Director|Worker|Stat|Uncommit)|Shenandoah|(Read|Write|Master)-Poll|VirtualThread-"
                    + "|V8Worker|DelayedTask|SignalInspect|libuv-worker"
                    + "|\\.NET (Synch|Sig|Event|Tiered|Finalizer|BGC)).*");

    /** In what a loop, an acceptor or a supervisor waits for work; and a wait of which one can't tell what it was. */
    private static final List<SystemCall> FOR_WORK = List.of(
            SystemCall.ACCEPT,
            SystemCall.EPOLL_WAIT,
            SystemCall.POLL,
            SystemCall.IO_URING,
            SystemCall.SIGNAL,
            SystemCall.RESTARTED);

    static Threads of(Evidence evidence, ProcessSample process, List<Held> held) {
        return new Threads(
                evidence, process, held.stream().map(each -> (long) each.fd()).collect(Collectors.toSet()));
    }

    /** Whether this user may not see in which calls they wait. */
    boolean areUnseen() {
        return process.threads().stream().anyMatch(thread -> thread.call() == ThreadCall.UNKNOWN);
    }

    /** Those that wait for something else than work: handlers that are blocked do, and so do idle ones of a pool. */
    long elsewhere() {
        return count(this::waitsElsewhere);
    }

    /** The same without those that used up more than this much of a processor. */
    long elsewhere(Map<Integer, Double> shares, double most) {
        return count(thread ->
                waitsElsewhere(thread) && shares.getOrDefault(thread.stat().id(), 0.0) < most);
    }

    /**
     * Those in poll() or select(), which is how a loop waits, and a handler that gives what it waits for a time limit. None of them asks
     * for these sockets: it would return.
     */
    long polling() {
        return count(thread -> thread.waitsIn(SystemCall.POLL));
    }

    /** Whether one waits for room in one of these. */
    boolean write() {
        return own().anyMatch(thread -> isOnOne(thread, SystemCall.WRITE));
    }

    /** Whether one waits in a read of one of these. */
    boolean read() {
        return own().anyMatch(thread -> isOnOne(thread, SystemCall.READ));
    }

    /**
     * Whether there is an event loop that waits. One that was awake just at the last look, and waited at another, is one too: it isn't
     * blocked.
     */
    boolean loop() {
        Set<Integer> waited = evidence.programs()
                .looks(process.stat().id())
                .flatMap(look -> look.threads().stream().filter(thread -> waitsForEvents(look, thread)))
                .map(thread -> thread.stat().id())
                .collect(Collectors.toSet());
        return own().anyMatch(thread -> waitsForEvents(process, thread)
                || (!thread.isAsleep() && waited.contains(thread.stat().id())));
    }

    private static boolean waitsForEvents(ProcessSample look, ThreadCall thread) {
        boolean watches = look.watches().filter(all -> !all.isEmpty()).isPresent();
        return thread.waitsIn(SystemCall.POLL) || (watches && thread.waitsIn(SystemCall.EPOLL_WAIT));
    }

    /** Whether there are some, and each waits for something else than work. */
    boolean allElsewhere() {
        return own().findAny().isPresent() && own().allMatch(this::waitsElsewhere);
    }

    /** Whether one waits in one of these epolls. */
    boolean waitInOneOf(Set<Integer> epolls) {
        return process.threads().stream()
                .anyMatch(thread ->
                        thread.waitsOn(SystemCall.EPOLL_WAIT).stream().anyMatch(epoll -> epolls.contains((int) epoll)));
    }

    /** {@code its threads: python3 in accept4, 6 times python3 in recvfrom (127.0.0.1:5432)}. */
    String words() {
        Map<Long, String> peers = peers();
        Map<String, Integer> calls = new LinkedHashMap<>();
        process.threads().stream()
                .sorted(Comparator.comparingInt(thread -> thread.stat().id()))
                .forEach(thread ->
                        calls.merge(thread.stat().name() + " " + call(thread) + peer(thread, peers), 1, Integer::sum));
        String some = calls.entrySet().stream()
                .limit(TOLD)
                .map(call -> (call.getValue() == 1 ? "" : call.getValue() + " times ") + call.getKey())
                .collect(Collectors.joining(", "));
        return "its threads: " + (some.isEmpty() ? "none visible" : some) + (calls.size() > TOLD ? " and more" : "");
    }

    private long count(Predicate<ThreadCall> predicate) {
        return own().filter(predicate).count();
    }

    private Stream<ThreadCall> own() {
        return process.threads().stream()
                .filter(thread -> !thread.isOfRing()
                        && !OF_A_RUNTIME.matcher(thread.stat().name()).matches());
    }

    private boolean waitsElsewhere(ThreadCall thread) {
        return thread.isAsleep() && FOR_WORK.stream().noneMatch(thread::waitsIn) && !isOnOne(thread, SystemCall.READ);
    }

    private boolean isOnOne(ThreadCall thread, SystemCall call) {
        return thread.waitsOn(call).stream().anyMatch(sockets::contains);
    }

    /** By descriptor, with whom the process is connected; of what some thread waits for. */
    private Map<Long, String> peers() {
        Map<Long, String> peers = new HashMap<>();
        if (process.threads().stream().anyMatch(thread -> descriptor(thread).isPresent())
                && evidence.last().sockets().size() <= FEW_SOCKETS) {
            evidence.last()
                    .sockets()
                    .forEach(socket -> evidence.holders(socket).stream()
                            .filter(holder -> holder.pid() == process.stat().id())
                            .forEach(holder -> peers.put((long) holder.fd(), socket.peer())));
        }
        return peers;
    }

    private static String peer(ThreadCall thread, Map<Long, String> peers) {
        return descriptor(thread).map(peers::get).map(peer -> " (" + peer + ")").orElse("");
    }

    private static Optional<Long> descriptor(ThreadCall thread) {
        return Stream.of(SystemCall.READ, SystemCall.WRITE, SystemCall.CONNECT)
                .flatMap(call -> thread.waitsOn(call).stream().boxed())
                .findFirst();
    }

    private static String call(ThreadCall thread) {
        if (thread.call() == ThreadCall.UNKNOWN) {
            return thread.waitChannel()
                    .map(channel -> "sleeps in the kernel's " + channel)
                    .orElse("in state " + thread.stat().state().letter());
        }
        Optional<String> name = thread.name();
        return name.map(call -> "in " + call).orElse(thread.call() < 0 ? "runs" : "in system call " + thread.call());
    }
}
