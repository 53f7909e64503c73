package io.tcplab.diagnose.causes;

import io.tcplab.diagnose.sample.ProcessSample;
import io.tcplab.diagnose.sample.SocketRow;
import io.tcplab.kernel.limits.FdLimit;
import io.tcplab.kernel.processes.SocketHolder;
import io.tcplab.kernel.sockets.TcpState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Open connections become more and more, none is closed, and each is used once: a client made for each request, for instance. */
final class ConnectionsGrowing extends Cause {
    private static final int MANY = 10;

    private static final Rival MANY_PEERS = new Rival(
            "a program that keeps one connection per peer, to many peers (a cluster member, a crawler)",
            "are there that many peers, and does the growth stop there?");

    ConnectionsGrowing() {
        super("connections-growing", "open connections to one destination that grow and are used only once");
    }

    @Override
    public List<Finding> find(Evidence evidence) {
        List<Growth> all = toOnePlace(evidence);
        List<Growth> growths = all.isEmpty() ? found(evidence.scattered().stream()) : all;
        return growths.stream()
                .map(growth -> finding(evidence, growth, all.isEmpty()))
                .toList();
    }

    private static List<Growth> toOnePlace(Evidence evidence) {
        return found(evidence.growths().stream().filter(growth -> !growth.accepted()));
    }

    private static List<Growth> found(Stream<Growth> growths) {
        return growths.filter(growth -> growth.isSteady() && growth.isUsedOnce())
                .sorted(Comparator.comparingInt(Growth::came).reversed())
                .toList();
    }

    /** Why clients don't close can't be seen from here, nor whether they should; nor what those are for that are used. */
    @Override
    public List<String> observe(Evidence evidence) {
        return evidence.growths().stream()
                .filter(growth -> growth.isAllTheTime(evidence) && growth.accepted() == growth.isUsedOnce())
                .filter(growth -> growth.accepted() || growth.came() >= MANY)
                .map(growth -> growth.accepted() ? accepted(evidence, growth) : used(evidence, growth))
                .toList();
    }

    @Override
    public List<String> untold(Evidence evidence) {
        List<Growth> places =
                evidence.growths().stream().filter(growth -> !growth.accepted()).toList();
        return Stream.concat(places.stream(), evidence.scattered().stream())
                .filter(growth -> growth.isUntold(evidence))
                .sorted(Comparator.comparingInt(
                                (Growth growth) -> growth.stayed().size())
                        .reversed())
                .limit(1)
                .map(growth -> "whether open connections to " + growth.where() + ", "
                        + growth.stayed().size() + " now, keep growing: only "
                        + Words.count(evidence.samples().size(), "look") + " in " + Words.time(evidence.window())
                        + ". To tell: --for "
                        + Math.ceilDiv(Growth.enough(evidence).toMillis(), 1000) + "s")
                .toList();
    }

    private String accepted(Evidence evidence, Growth growth) {
        return id() + " (possible): the connections accepted on " + growth.where() + " grow by "
                + rate(evidence, growth)
                + " to " + growth.stayed().size() + ", " + closed(growth) + ", and " + growth.idle() + " of the "
                + growth.old().size() + " observed for longer carried nothing more. Clients that"
                + " never close look like this, but so do long polls, websockets, and a rising load. An idle"
                + " timeout here limits them";
    }

    private String used(Evidence evidence, Growth growth) {
        return id() + " (possible): open connections to " + growth.where() + " grow by " + rate(evidence, growth)
                + " to " + growth.stayed().size() + ", " + closed(growth)
                + ", and most carry traffic: a pool under a rising load does that, and so do forgotten clients"
                + " that still send heartbeats. Does the growth stop at a pool's limit?";
    }

    private Finding finding(Evidence evidence, Growth growth, boolean scattered) {
        List<SocketRow> sockets = growth.sockets();
        List<String> lines = new ArrayList<>();
        lines.add(growth.came() + " appeared in " + Words.time(evidence.window()) + ", " + closed(growth) + ": "
                + growth.stayed().size() + " are open now");
        lines.add(growth.idle() + " of the " + growth.old().size() + " observed for longer than"
                + " 2 s carried nothing after their first second, and new ones were opened while these were idle");
        descriptors(evidence, growth).ifPresent(lines::add);
        lines.addAll(Words.examples(evidence, sockets));
        return new Finding(
                id(),
                "open connections to " + growth.where() + " grow by " + rate(evidence, growth) + ": " + closed(growth)
                        + ", and each is used once",
                Optional.of(TcpState.ESTABLISHED),
                sockets.size(),
                growth.came(),
                growth.came() >= MANY && growth.isAllTheTime(evidence) && !scattered
                        ? Certainty.LIKELY
                        : Certainty.POSSIBLE,
                "a pool would reuse its idle connections before it opens more, and so would a rising load",
                List.of(
                        scattered
                                ? MANY_PEERS
                                : new Rival(
                                        "one connection for each subscriber (long polls, websockets, watches)",
                                        "does the number of subscribers grow as fast?"),
                        new Rival(
                                "a pool that is filled in advance",
                                "run this again: does it stop at a round" + " number?")),
                lines,
                "Look for a client, transport or pool that is created per request and never closed: create one and"
                        + " reuse it."
                        + " Or for answers that are neither read to the end nor closed (Go's Body, an InputStream):"
                        + " such a"
                        + " connection can't be reused. If these are subscriptions, look for those that nobody ends.",
                "");
    }

    private static String closed(Growth growth) {
        return growth.went() == 0 ? "none was closed" : "only " + growth.went() + " closed";
    }

    private static String rate(Evidence evidence, Growth growth) {
        double seconds = Math.max(0.001, evidence.window().toMillis() / 1e3);
        return String.format(Locale.ROOT, "%.1f a second", growth.came() / seconds);
    }

    /** How long the descriptors of the process that holds the last one will do. */
    private static Optional<String> descriptors(Evidence evidence, Growth growth) {
        int pid = growth.sockets().stream()
                .flatMap(socket -> evidence.holders(socket).stream())
                .mapToInt(SocketHolder::pid)
                .findFirst()
                .orElse(-1);
        Optional<FdLimit> limit = evidence.programs().process(pid).flatMap(ProcessSample::descriptors);
        return limit.map(descriptors -> {
            long left = Math.max(0, descriptors.soft() - descriptors.used());
            double seconds = evidence.window().toMillis() / 1e3 / growth.came() * left;
            return evidence.programs().label(pid) + " has " + descriptors.used() + " of " + descriptors.soft()
                    + " descriptors: at this rate the remaining ones last "
                    + Words.time(Duration.ofSeconds(Math.round(seconds)));
        });
    }
}
