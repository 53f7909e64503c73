package io.tcplab.experiments.catalogue;

import static io.tcplab.experiments.Expectation.deciding;
import static io.tcplab.experiments.Expectation.supporting;
import static io.tcplab.experiments.Expected.between;
import static io.tcplab.experiments.Expected.equalTo;
import static io.tcplab.experiments.Expected.notBefore;
import static io.tcplab.experiments.Role.CLIENT;
import static io.tcplab.experiments.Role.SERVER;
import static io.tcplab.experiments.Source.SOCK_DIAG;
import static io.tcplab.experiments.Source.SYSCTL;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.kernel.sockets.TcpState.FIN_WAIT2;
import static io.tcplab.kernel.sockets.TcpState.LISTEN;

import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.Expectation;
import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.Knob;
import io.tcplab.experiments.KnobValues;
import io.tcplab.experiments.Measure;
import io.tcplab.experiments.Measure.Better;
import io.tcplab.experiments.SocketNeed;
import io.tcplab.experiments.Story;
import io.tcplab.experiments.Trial;
import io.tcplab.experiments.cell.CellPlan;
import io.tcplab.experiments.cell.Connection;
import io.tcplab.experiments.cell.Host;
import io.tcplab.kernel.calls.Socket;
import io.tcplab.kernel.sockets.Census;
import io.tcplab.kernel.sockets.SocketQuery;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.kernel.sysctl.SysctlFile;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Settings in a file as sysctl.conf has them: they are in force once it is read, for one namespace. */
public final class SysctlFileApplied implements Experiment {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String FIN_TIMEOUT = "net.ipv4.tcp_fin_timeout";
    private static final String PORTS = "net.ipv4.ip_local_port_range";
    private static final String SOMAXCONN = "net.core.somaxconn";

    private static final int QUEUE = 17;
    private static final int LARGER_QUEUE = 100;
    private static final int FIRST_PORT = 20_000;
    private static final int LAST_PORT = 20_099;

    private static final Knob<Integer> SECONDS =
            Knob.integer("fin-timeout", 7, 2, 50, "the tcp_fin_timeout that the file sets, in seconds");

    static final Expectation READ_BACK =
            deciding(CLIENT, SYSCTL, "the kernel has what the file says; of two lines for one name, the later");
    static final Expectation NEXT_PORT =
            deciding(CLIENT, SOCK_DIAG, "the next connect() gets its port from the file's ip_local_port_range");
    static final Expectation NEXT_LISTENER = deciding(
            CLIENT, SOCK_DIAG, "the next listen() is cut to the file's somaxconn: so much is its queue's limit");
    static final Expectation OLD_LISTENER =
            supporting(CLIENT, SOCK_DIAG, "a listener of before keeps its limit, taken when listen() was called");
    static final Expectation OLD_CONNECTION = deciding(
            CLIENT,
            SOCK_DIAG,
            "a connection of before gets the file's tcp_fin_timeout, looked up at close(): its FIN_WAIT_2 timer, in s");
    static final Expectation OTHER_HOST =
            supporting(SERVER, SYSCTL, "the other host, another namespace, has the tcp_fin_timeout that it had");

    private static final Measure LIMIT = Measure.count(
            "client.backlog",
            "connections",
            Better.NEITHER,
            "what the queue of a listener of after the file is cut to");
    /** Seconds by which its timer may be later than its sysctl says, as it is looked at. */
    private static final double LATE = 0.5;

    private static final Measure FIN_WAIT = Measure.timer(
            "client.FIN_WAIT_2.timer", Better.NEITHER, "how long a connection of before the file is to wait for a FIN");

    @Override
    public Story story() {
        return new Story(
                "sysctl-file",
                "settings in sysctl.conf are in force once sysctl -p has read it, for new sockets and some old ones",
                """
                sysctl -p reads a file line by line and writes each value below /proc/sys: no more than that, and no
                restart. So the kernel has the new value at once. What that means for a socket is for each setting
                to say. Some are copied when the socket is made or listens: somaxconn and the buffer sizes. Others are looked
                up whenever they are needed: tcp_fin_timeout at close(), ip_local_port_range at connect(), and so
                sockets that exist already feel them, too.

                The traps lie around it. Those below net belong to the network namespace: a container doesn't
                inherit what the host's file says (it has the kernel's defaults, but for a few), and needs docker run
                --sysctl or a pod's securityContext.sysctls. A name that the kernel no longer has, such as
                tcp_tw_recycle, makes sysctl -p fail unless a dash stands before it. Of two lines for one name the
                later wins, and /etc/sysctl.d/ has many files. And a program that calls listen() with a small
                backlog, or sets SO_RCVBUF, has chosen by itself.

                The run gives the lab's reader a file with all the liberties of the format; lab run --sysctl-file takes the
                same.""",
                "the file is read",
                "the file is there, and nobody reads it",
                List.of(FIN_TIMEOUT, PORTS, SOMAXCONN));
    }

    @Override
    public List<Knob<?>> knobs() {
        return List.of(SECONDS);
    }

    @Override
    public List<Expectation> expectations(KnobValues knobs) {
        return List.of(READ_BACK, NEXT_PORT, NEXT_LISTENER, OLD_LISTENER, OLD_CONNECTION, OTHER_HOST);
    }

    @Override
    public CellPlan cell(KnobValues knobs, boolean faulty) {
        return CellPlan.plain();
    }

    @Override
    public SocketNeed sockets(KnobValues knobs) {
        return SocketNeed.fixed(30);
    }

    @Override
    public Duration about(KnobValues knobs) {
        return Duration.ofSeconds(1);
    }

    @Override
    public List<Measure> measures() {
        return List.of(LIMIT, FIN_WAIT);
    }

    @Override
    public void run(Trial trial) throws InterruptedException {
        Host client = trial.client();
        int seconds = trial.knob(SECONDS);
        Socket listener = Connection.listener(trial.server(), 8);
        String neighbour = trial.server().sysctl(FIN_TIMEOUT);
        trial.step("a connection and a listener are made");
        Connection old = Connection.open(client, listener);
        Socket oldListener = Connection.listener(client, LARGER_QUEUE);

        if (trial.faulty()) {
            trial.step("the file is read");
            SysctlFile.parse(file(seconds)).values().forEach(client::setSysctl);
        }
        trial.observe(
                READ_BACK,
                equalTo("%d, %d %d, %d".formatted(seconds, FIRST_PORT, LAST_PORT, QUEUE)),
                () -> readBack(client));
        Connection next = Connection.open(client, listener);
        Socket nextListener = Connection.listener(client, LARGER_QUEUE);
        Census census = client.census();
        trial.observe(
                NEXT_PORT,
                between(FIRST_PORT, LAST_PORT),
                () -> (long) one(census.in(ESTABLISHED), next.client().local().getPort())
                        .local()
                        .getPort());
        trial.measure(LIMIT, (double) limit(census, nextListener));
        trial.observe(NEXT_LISTENER, equalTo(QUEUE), () -> limit(census, nextListener));
        trial.observe(OLD_LISTENER, equalTo(LARGER_QUEUE), () -> limit(census, oldListener));

        trial.step("the old connection is closed");
        Lasted timer = finWait2(client, old.client());
        trial.measure(FIN_WAIT, timer::known);
        List<Double> expected = List.of((double) seconds);
        trial.observe(OLD_CONNECTION, notBefore(expected, LATE), () -> Lasted.against(List.of(timer), expected, LATE));
        trial.observe(OTHER_HOST, equalTo(neighbour), () -> trial.server().sysctl(FIN_TIMEOUT));
    }

    /** With every liberty of the format: comments of both kinds, dots and slashes, blanks, what may fail. */
    private static String file(int finTimeout) {
        return """
                # Kernel parameters of this host
                ; and another kind of comment
                net.ipv4.tcp_fin_timeout = %d
                  net/ipv4/ip_local_port_range=%d\t%d
                net.core.somaxconn   =   99
                -net.ipv4.tcp_tw_recycle = 1
                net/core/somaxconn = %d
                """.formatted(finTimeout, FIRST_PORT, LAST_PORT, QUEUE);
    }

    private static String readBack(Host host) {
        return List.of(FIN_TIMEOUT, PORTS, SOMAXCONN).stream()
                .map(name -> host.sysctl(name).replaceAll("\\s+", " "))
                .collect(Collectors.joining(", "));
    }

    private static long limit(Census census, Socket listener) {
        return one(census.in(LISTEN), listener.local().getPort()).backlog();
    }

    private static TcpSocket one(List<TcpSocket> sockets, int port) {
        return sockets.stream()
                .filter(socket -> socket.local().getPort() == port)
                .findFirst()
                .orElseThrow(() -> new EvidenceMissing("the kernel shows no socket with port " + port));
    }

    /** Closes; returns how long FIN_WAIT_2 is to last from there, as its timer has it. */
    private static Lasted finWait2(Host host, Socket socket) throws InterruptedException {
        SocketQuery query =
                SocketQuery.ofStates(FIN_WAIT2).withLocalPort(socket.local().getPort());
        long closedAt = System.nanoTime();
        socket.close();
        return Lasted.byTimer(host, query, closedAt, System.nanoTime(), SOON);
    }
}
