package io.tcplab.zoo;

import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static io.tcplab.kernel.sockets.TcpState.ESTABLISHED;
import static io.tcplab.zoo.Habitat.PATIENCE;

import io.tcplab.junit.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Servers that start some processes, each of which answers one request at a time. */
final class Prefork {
    private static final int SOME = 8;
    private static final int WORKERS = 2;

    /** As fpm.conf has it. */
    private static final int CHILDREN = 3;

    private static final String WAIT = "GET /wait HTTP/1.1\\r\\nHost: zoo\\r\\n\\r\\n";
    private static final String CAUSE = "eof-not-read";
    private static final String QUEUED = "never-accepted";

    private Prefork() {}

    static Stream<Specimen> specimens() {
        return Stream.of(
                Specimen.of("gunicorn whose workers wait for something else", CAUSE, habitat -> {
                            gunicorn(habitat);
                            habitat.leaveUnanswered(SOME, WAIT, WORKERS);
                        })
                        .with(QUEUED),
                Specimen.of("uwsgi whose workers wait for something else", CAUSE, habitat -> {
                            uwsgi(habitat);
                            habitat.leaveUnanswered(SOME, WAIT, WORKERS);
                        })
                        .with(QUEUED),
                Specimen.of("php-fpm whose scripts go on when nginx has given up", CAUSE, habitat -> {
                    fpm(habitat);
                    List<Process> clients = Stream.generate(
                                    () -> habitat.client("curl", "-s", "http://127.0.0.1:8080/wait.php"))
                            .limit(CHILDREN)
                            .toList();
                    habitat.server().held().haveExactly(CHILDREN, ESTABLISHED).within(PATIENCE);
                    clients.forEach(Process::destroyForcibly);
                    habitat.server().haveExactly(CHILDREN, CLOSE_WAIT).within(PATIENCE);
                }));
    }

    static Process gunicorn(Habitat habitat) {
        return habitat.server(
                "gunicorn",
                "--bind",
                "0.0.0.0:" + Habitat.PORT,
                "--workers",
                Integer.toString(WORKERS),
                "--timeout",
                "0",
                "--chdir",
                programs(),
                "web:application");
    }

    static Process uwsgi(Habitat habitat) {
        return habitat.server(
                "uwsgi_python3",
                "--http-socket",
                "0.0.0.0:" + Habitat.PORT,
                "--master",
                "--processes",
                Integer.toString(WORKERS),
                "--need-app",
                "--wsgi-file",
                ProgramFolder.program("web.py"));
    }

    /** PHP-FPM, and nginx before it on the client's port 8080. */
    static Process fpm(Habitat habitat) throws InterruptedException {
        habitat.copy("hello.php");
        habitat.copy("wait.php");
        Process server = habitat.server(
                binary(), "--nodaemonize", "--allow-to-run-as-root", "--fpm-config", habitat.copy("fpm.conf"));
        habitat.start(Role.CLIENT, List.of("nginx", "-e", "stderr", "-c", habitat.copy("relay.conf")));
        habitat.awaitListener(Role.CLIENT, 8080);
        return server;
    }

    /** Its name has a version in it. */
    private static String binary() {
        try (Stream<Path> files = Files.list(Path.of("/usr/sbin"))) {
            return files.map(Path::toString)
                    .filter(file -> file.contains("/php-fpm"))
                    .max(String::compareTo)
                    .orElseThrow(() -> new AssertionError("no PHP-FPM here: the package php-fpm has it"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String programs() {
        return String.valueOf(Path.of(ProgramFolder.program("web.py")).getParent());
    }
}
