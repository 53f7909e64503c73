package io.tcplab.zoo;

import io.tcplab.junit.Role;
import java.util.List;
import java.util.stream.Stream;

/** Programs that do nothing wrong, at work. */
final class Loaded {
    private static final int SOME = 8;

    private Loaded() {}

    static Stream<Specimen> specimens() {
        return Stream.of(web(), relays(), others(), clients()).flatMap(List::stream);
    }

    private static List<Specimen> web() {
        return List.of(
                asked("nginx", habitat -> habitat.nginx(60)),
                asked("go's net/http", habitat -> Golang.server(habitat, "serve")),
                asked("tomcat", JavaPrograms::tomcat),
                asked("gunicorn", Prefork::gunicorn),
                asked("uwsgi", Prefork::uwsgi),
                asked(
                        "node's http",
                        habitat -> habitat.server(
                                "node",
                                "-e",
                                "require('http').createServer((_, answer) => answer.end('hello')).listen(8000, '0.0.0.0')")));
    }

    private static List<Specimen> relays() {
        return List.of(
                asked("haproxy", habitat -> {
                    backend(habitat);
                    Relays.haproxy(habitat);
                }),
                asked("nginx before a server of python's", habitat -> {
                    backend(habitat);
                    habitat.server("nginx", "-e", "stderr", "-c", habitat.copy("proxy.conf"));
                    habitat.awaitListener(Role.SERVER, Habitat.PORT);
                }),
                Specimen.healthy("php-fpm behind nginx", habitat -> {
                    Prefork.fpm(habitat);
                    habitat.client("python3", ProgramFolder.program("load.py"), "127.0.0.1", "8080", "/hello.php");
                }));
    }

    private static List<Specimen> others() {
        return List.of(
                Specimen.healthy("postgresql", habitat -> {
                    Postgres.server(habitat);
                    String select = habitat.write("select.sql", "select 1;\n").toString();
                    habitat.client(
                            "pgbench",
                            "-h",
                            habitat.address(),
                            "-p",
                            "8000",
                            "-U",
                            "postgres",
                            "--no-vacuum",
                            "--client",
                            "4",
                            "--rate",
                            "40",
                            "--time",
                            "1000",
                            "--file",
                            select,
                            "postgres");
                }),
                Specimen.healthy("redis", habitat -> {
                    habitat.redis();
                    habitat.pool(SOME, "use", Habitat.PING);
                }),
                Specimen.healthy("a service that systemd-socket-activate has started", habitat -> {
                    Supervised.activated(habitat, "serve");
                    habitat.pool(SOME, "use", "question");
                }));
    }

    private static List<Specimen> clients() {
        return List.of(
                asking("go's http.Client", habitat -> Golang.client(habitat, "ask")),
                asking("the JDK's HttpClient", habitat -> JavaPrograms.client(habitat, "jdk", "/hello")),
                asking("Apache's HttpClient 5", habitat -> JavaPrograms.client(habitat, "apache", "/hello")));
    }

    private static Specimen asked(String name, Specimen.Setup server) {
        return Specimen.healthy(name, habitat -> {
            server.in(habitat);
            habitat.client(
                    "python3",
                    ProgramFolder.program("load.py"),
                    habitat.address(),
                    Integer.toString(Habitat.PORT),
                    "/hello");
        });
    }

    private static Specimen asking(String name, Specimen.Setup client) {
        return Specimen.healthy(name, habitat -> {
                    habitat.nginx(60);
                    client.in(habitat);
                })
                .onClient();
    }

    private static void backend(Habitat habitat) throws InterruptedException {
        habitat.write("hello", "hello");
        habitat.start(
                Role.SERVER,
                List.of(
                        "python3",
                        "-m",
                        "http.server",
                        "--protocol",
                        "HTTP/1.1",
                        "--directory",
                        habitat.folder().toString(),
                        Integer.toString(Relays.BEHIND)));
        habitat.awaitListener(Role.SERVER, Relays.BEHIND);
    }
}
