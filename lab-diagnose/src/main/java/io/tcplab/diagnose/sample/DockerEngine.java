package io.tcplab.diagnose.sample;

import io.tcplab.kernel.Nearest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Asks the local container engine, Docker's or Podman's, for a container's first process, by its HTTP API over a Unix socket. */
final class DockerEngine {
    private static final JsonFactory JSON = new JsonFactory();
    private static final List<String> SOCKETS = List.of("/var/run/docker.sock", "/run/podman/podman.sock");

    private DockerEngine() {}

    /**
     * A running container.
     *
     * @param pid of its first process, as this pid namespace numbers it
     */
    record Container(String name, int pid) {}

    /**
     * Finds a running container by its name or id.
     *
     * @throws TargetException if there is none, it doesn't run, or no engine answers
     */
    static Container find(String name) {
        Response response = get("/containers/" + URLEncoder.encode(name, StandardCharsets.UTF_8) + "/json");
        if (response.status == 404) {
            throw new TargetException(TargetException.Reason.ABSENT, "no container is called " + name + others(name));
        }
        if (response.status != 200) {
            throw new TargetException(
                    TargetException.Reason.DENIED,
                    "the container engine answered " + response.status + ": " + response.body.strip());
        }
        int pid = Integer.parseInt(member(response.body, "State", "Pid"));
        if (pid == 0) {
            throw new TargetException(
                    TargetException.Reason.ABSENT, "container " + name + " doesn't run" + others(name));
        }
        return new Container(member(response.body, "Name").replaceFirst("^/", ""), pid);
    }

    private static String others(String wanted) {
        List<String> names = names(get("/containers/json").body);
        String hint = Nearest.hint(wanted, names);
        if (!hint.isEmpty()) {
            return hint;
        }
        return names.isEmpty() ? "; no container runs" : "; running: " + String.join(", ", names);
    }

    private record Response(int status, String body) {}

    private static Response get(String path) {
        Path socket = socket();
        String request = "GET " + path + " HTTP/1.0\r\nHost: engine\r\n\r\n";
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            return response(read(channel));
        } catch (IOException e) {
            throw new TargetException(
                    TargetException.Reason.DENIED,
                    "can't ask the container engine at " + socket + ": " + e.getMessage()
                            + "; run as root or as a member of its group, or name the container's process: --pid");
        }
    }

    /** DOCKER_HOST if it names a Unix socket, else where engines put theirs. */
    private static Path socket() {
        String host = System.getenv().getOrDefault("DOCKER_HOST", "");
        if (host.startsWith("unix://")) {
            return Path.of(host.substring("unix://".length()));
        }
        String runtime = System.getenv().getOrDefault("XDG_RUNTIME_DIR", "/nonexistent");
        return Stream.concat(SOCKETS.stream(), Stream.of(runtime + "/docker.sock", runtime + "/podman/podman.sock"))
                .map(Path::of)
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new TargetException(
                        TargetException.Reason.ABSENT,
                        "no container engine here: none of " + String.join(", ", SOCKETS)
                                + " exists, and DOCKER_HOST names no other"));
    }

    private static String read(SocketChannel channel) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer chunk = ByteBuffer.allocate(1 << 14);
        while (channel.read(chunk) >= 0) {
            all.write(chunk.array(), 0, chunk.position());
            chunk.clear();
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    /** HTTP/1.0: no chunks, and the body ends with the connection. */
    private static Response response(String text) throws IOException {
        int body = text.indexOf("\r\n\r\n");
        String[] status = text.split(" ", 3);
        if (body < 0 || status.length < 3) {
            throw new IOException("no HTTP response: " + text);
        }
        return new Response(Integer.parseInt(status[1]), text.substring(body + 4));
    }

    /** A member of an object, or of one that it holds. */
    private static String member(String json, String... path) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            int depth = 0;
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean wanted = parser.currentName().equals(path[depth]);
                parser.nextToken();
                if (wanted && ++depth == path.length) {
                    return parser.getString();
                }
                if (!wanted) {
                    parser.skipChildren();
                }
            }
        }
        throw new IllegalStateException("the container engine told no " + String.join(".", path) + " in: " + json);
    }

    /** The first name of each container in a list; names begin with a slash. */
    private static List<String> names(String json) {
        List<String> names = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            JsonToken token;
            while ((token = parser.nextToken()) != null) {
                if (token == JsonToken.PROPERTY_NAME && parser.currentName().equals("Names")) {
                    parser.nextToken();
                    parser.nextToken();
                    names.add(parser.getString().replaceFirst("^/", ""));
                }
            }
        }
        return names;
    }
}
