package io.tcplab.zoo;

import static io.tcplab.kernel.sockets.TcpState.CLOSE_WAIT;
import static io.tcplab.zoo.Habitat.PATIENCE;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** PostgreSQL, which has a process for each connection and doesn't look at it during a query. */
final class Postgres {
    private static final int SOME = 3;
    private static final String ASLEEP = "asleep";
    private static final String SLEEP = "do $$ begin raise notice '" + ASLEEP + "'; perform pg_sleep(100000); end $$";

    private Postgres() {}

    static Stream<Specimen> specimens() {
        return Stream.of(Specimen.of("postgresql whose clients are killed during pg_sleep", "eof-not-read", habitat -> {
            server(habitat);
            List<Process> clients = new ArrayList<>();
            for (int i = 0; i < SOME; i++) {
                clients.add(
                        habitat.client("psql", "-h", habitat.address(), "-p", "8000", "-U", "postgres", "-c", SLEEP));
            }
            habitat.awaitWord(ASLEEP, SOME);
            clients.forEach(Process::destroyForcibly);
            habitat.server().haveExactly(SOME, CLOSE_WAIT).within(PATIENCE);
        }));
    }

    static Process server(Habitat habitat) {
        return habitat.server(
                "sh",
                ProgramFolder.program("postgres.sh"),
                habitat.folder().toString(),
                Integer.toString(Habitat.PORT));
    }
}
