package io.tcplab.zoo;

import static io.tcplab.junit.TcpAssertions.assertThat;

import io.tcplab.junit.Role;
import io.tcplab.junit.TcpCell;
import io.tcplab.junit.TcpSocketsAssert;
import io.tcplab.kernel.sockets.TcpSocket;
import io.tcplab.kernel.sockets.TcpState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A cell with real programs in it, and a folder for their files. Closing it ends them all. */
final class Habitat implements AutoCloseable {
    /** Where each server listens. */
    static final int PORT = 8000;

    /** Requests, as the pools take them. */
    static final String HTTP = "GET /hello HTTP/1.1\\r\\nHost: zoo\\r\\n\\r\\n";

    static final String PING = "PING\\r\\n";

    /** Programs start at their leisure when the machine is busy. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** For what the kernel's timers bring about. */
    private static final Duration LONG_PATIENCE = Duration.ofSeconds(90);

    private final TcpCell cell;
    private final ProgramFolder folder;
    private final Map<Role, Process> first = new EnumMap<>(Role.class);

    Habitat(Path folder) {
        Room.await();
        cell = TcpCell.open();
        this.folder = new ProgramFolder(folder);
    }

    TcpCell cell() {
        return cell;
    }

    /** Where programs may write. */
    Path folder() {
        return folder.path();
    }

    /** The server's address, as programs want it. */
    String address() {
        return cell.server().address().getHostAddress();
    }

    /** Starts a program; what it says is kept for {@link #log}. */
    Process start(Role role, List<String> command) {
        Process process = cell.host(role)
                .start(new ProcessBuilder(command)
                        .directory(folder.path().toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.newLog(command.getFirst()).toFile()));
        first.putIfAbsent(role, process);
        return process;
    }

    /** The first program of this host. */
    int pid(Role role) {
        return Math.toIntExact(Objects.requireNonNull(first.get(role), () -> "nothing runs on the " + role)
                .children()
                .findFirst()
                .orElseThrow()
                .pid());
    }

    /** Starts a client, which needs not end. */
    Process client(String... command) {
        return start(Role.CLIENT, List.of(command));
    }

    /** Runs a client to its end. */
    void run(String... command) throws InterruptedException {
        int code = client(command).waitFor();
        if (code != 0) {
            throw new AssertionError(String.join(" ", command) + " ended with " + code + ":\n" + log());
        }
    }

    /** Starts a server and waits until it listens. */
    Process server(String... command) {
        Process server = start(Role.SERVER, List.of(command));
        server().haveAtLeast(1, TcpState.LISTEN).within(PATIENCE);
        return server;
    }

    /** Starts a server that may have so many file descriptors. */
    Process limited(int descriptors, String... command) {
        return server(Stream.concat(Stream.of("prlimit", "--nofile=" + descriptors), Stream.of(command))
                .toArray(String[]::new));
    }

    /** Starts a server of the folder programs/, which takes the port and what it shall do. */
    Process script(String interpreter, String file, String... arguments) {
        return server(Stream.concat(
                        Stream.of(interpreter, ProgramFolder.program(file), Integer.toString(PORT)),
                        Stream.of(arguments))
                .toArray(String[]::new));
    }

    /** Python's sockets and threads. */
    Process threads(String behaviour, String... arguments) {
        return script(
                "python3",
                "threads.py",
                Stream.concat(Stream.of(behaviour), Stream.of(arguments)).toArray(String[]::new));
    }

    /** Python's asyncio. */
    Process streams(String behaviour) {
        return script("python3", "streams.py", behaviour);
    }

    /** Node's net. */
    Process node(String behaviour) {
        return script("node", "net.js", behaviour);
    }

    /** nginx, which serves the folder, and /hello. */
    Process nginx(int keepAliveSeconds) {
        Path configuration = folder.copy("nginx.conf", text -> text.replace("KEEPALIVE", keepAliveSeconds + "s"));
        return server("nginx", "-e", folder.path().resolve("error.log").toString(), "-c", configuration.toString());
    }

    /** Redis, which forgets all when it ends. */
    Process redis(String... options) {
        return server(Stream.concat(
                        Stream.of(
                                "redis-server",
                                "--port",
                                Integer.toString(PORT),
                                "--save",
                                "",
                                "--protected-mode",
                                "no",
                                "--enable-debug-command",
                                "yes"),
                        Stream.of(options))
                .toArray(String[]::new));
    }

    /** inetd, which starts this shell script for each connection. */
    Process inetd(String script) {
        Path file = folder.write("service.sh", "#!/bin/sh\n" + script + "\n");
        Path configuration = folder.copy(
                "inetd.conf", text -> text.replace("PROGRAM", "/bin/sh").replace("ARGUMENTS", "sh " + file));
        return server("inetd", "-i", configuration.toString());
    }

    /** A client that opens so many connections, sends a request on each, and does with them what it is told. */
    Process pool(int number, String behaviour, String request) {
        return client(
                "python3",
                ProgramFolder.program("pool.py"),
                address(),
                Integer.toString(PORT),
                Integer.toString(number),
                behaviour,
                request);
    }

    /**
     * Clients that ask, and leave when the server has read the questions of so many and answered none. Had they left before it read, the
     * FIN would be read along with the data.
     */
    void leaveUnanswered(int clients, String request, int read) throws InterruptedException {
        Process pool = pool(clients, "wait", request);
        await("the server doesn't read " + read + " questions", () -> {
            boolean sent = log().contains("sent") && open(Role.CLIENT).allMatch(socket -> socket.sendQueue() == 0);
            return sent
                    && open(Role.SERVER)
                                    .filter(socket -> socket.hasOwner() && socket.recvQueue() == 0)
                                    .count()
                            == read;
        });
        pool.destroyForcibly();
        server().haveExactly(clients, TcpState.CLOSE_WAIT).within(PATIENCE);
    }

    private Stream<TcpSocket> open(Role role) {
        return cell.host(role).sockets().census().in(TcpState.ESTABLISHED).stream()
                .filter(socket ->
                        socket.local().getPort() == PORT || socket.peer().getPort() == PORT);
    }

    /** A client that runs this command again and again. */
    Process forEver(String command) {
        return client("sh", "-c", "while :; do " + command + " >/dev/null; done");
    }

    /** Of a server that speaks HTTP. */
    String url(String path) {
        return "http://" + address() + ":" + PORT + path;
    }

    /** A file of the folder that takes a while to send. */
    void large(String name) {
        write(name, "x".repeat(50_000_000));
    }

    /** A file of programs/ with what it leaves open filled in, in the folder. */
    String copy(String name) {
        return folder.copy(name, text -> text.replace("SERVER", address() + ":" + PORT))
                .toString();
    }

    /** Writes a file into the folder. */
    Path write(String name, String text) {
        return folder.write(name, text);
    }

    /** What the kernel shows of the server's port. */
    TcpSocketsAssert server() {
        return assertThat(cell.server()).as(this::log).onPort(PORT);
    }

    /** What the kernel shows of the clients' connections to it. */
    TcpSocketsAssert clients() {
        return assertThat(cell.client()).as(this::log).toPort(PORT);
    }

    /** From now on, what this host sends to the other goes to a machine that doesn't exist. */
    void cut(Role from) throws InterruptedException {
        Role to = from == Role.CLIENT ? Role.SERVER : Role.CLIENT;
        Process ip = start(
                from,
                List.of(
                        "ip",
                        "neigh",
                        "replace",
                        cell.host(to).address().getHostAddress(),
                        "lladdr",
                        "02:00:00:00:00:99",
                        "dev",
                        "eth0",
                        "nud",
                        "permanent"));
        if (ip.waitFor() != 0) {
            throw new AssertionError(log());
        }
    }

    /** Waits until a host has such a socket on the server's port. */
    void await(Role role, Predicate<TcpSocket> wanted) throws InterruptedException {
        await(
                "no such socket on the " + role,
                () -> cell.host(role).sockets().census().sockets().stream()
                        .filter(socket -> socket.local().getPort() == PORT
                                || socket.peer().getPort() == PORT)
                        .anyMatch(wanted));
    }

    /** Waits until somebody listens on a port of this host. */
    void awaitListener(Role role, int port) throws InterruptedException {
        await(
                "nobody listens on port " + port,
                () -> cell.host(role).sockets().census().in(TcpState.LISTEN).stream()
                        .anyMatch(socket -> socket.local().getPort() == port));
    }

    /** Waits until nobody on this host holds a connection to this port. */
    void awaitNoConnection(Role role, int port) throws InterruptedException {
        await(
                "somebody holds a connection to port " + port,
                () -> cell.host(role).sockets().census().sockets().stream()
                        .noneMatch(socket -> socket.peer().getPort() == port && socket.hasOwner()));
    }

    /** Waits until the pool has got all of its answers. */
    void awaitAnswers() throws InterruptedException {
        awaitWord("answered", 1);
    }

    /** Waits until so many programs have said it. */
    void awaitWord(String word, int programs) throws InterruptedException {
        await("not said by " + programs + ": " + word, () -> folder.logsWith(word) >= programs);
    }

    /** Waits until a counter of a host has come so far. */
    void awaitCounter(Role role, String name, long value) throws InterruptedException {
        await(name + " stays below " + value, () -> cell.host(role).counters().get(name) >= value);
    }

    /** Waits until it holds. */
    void await(String otherwise, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + LONG_PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(otherwise + "\n" + log());
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** What the programs have said. */
    String log() {
        return folder.log();
    }

    @Override
    public void close() {
        cell.close();
    }
}
