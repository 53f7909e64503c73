package io.tcplab.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Only the line that {@code lab serve} prints has its token: no file does, no command line, no environment, nothing that it says
 * besides. So there is nothing that another user could read it from.
 */
@Tag("slow")
class TokenIT {
    @Test
    void onlyTheUrlHasTheToken() throws Exception {
        try (World world = World.create()) {
            Path said = Files.createTempFile("lab", ".err");
            Process serve = world.lab("serve").redirectError(said.toFile()).start();
            URI url = URI.create(serve.inputReader().readLine().strip());
            String token = url.getQuery().replace("token=", "");
            assertThat(token).matches("[0-9a-f]{32}");
            assertThat(curl(world, option("url", url.resolve("/catalogue")) + bearer("0".repeat(32))))
                    .contains("wrong or missing token");
            assertThat(start(world, url, token, "{\"experiment\":\"close-wait-leak\"}"))
                    .isEqualTo("{\"ok\":true}");
            World.await(() -> world.processes().size() > 1 || !results(world).isEmpty());
            for (long pid : world.processes()) {
                assertThat(read(Path.of("/proc", Long.toString(pid), "cmdline")))
                        .doesNotContain(token);
                assertThat(read(Path.of("/proc", Long.toString(pid), "environ")))
                        .doesNotContain(token);
            }
            serve.destroy();
            serve.waitFor();
            World.await(() -> world.processes().isEmpty());
            assertThat(results(world)).isNotEmpty();
            assertThat(Files.readString(said)).contains("Open this URL").doesNotContain(token);
            Files.delete(said);
            assertThat(world.output(
                            "sh", "-c", "grep -rlaF -e " + token + " /tmp /var/tmp /dev/shm /run 2>/dev/null || true"))
                    .isEmpty();
        }
    }

    private static String results(World world) throws Exception {
        return world.output("sh", "-c", "ls lab-results 2>/dev/null || true");
    }

    private static String start(World world, URI url, String token, String json) throws Exception {
        return curl(
                world,
                option("url", url.resolve("/start"))
                        + bearer(token)
                        + option("header", "Origin: http://" + url.getAuthority())
                        + option("header", "Content-Type: application/json")
                        + option("data", json.replace("\"", "\\\"")));
    }

    private static String bearer(String token) {
        return option("header", "Authorization: Bearer " + token);
    }

    private static String option(String name, Object value) {
        return name + " = \"" + value + "\"\n";
    }

    /** The options by its standard input: curl's own command line would show the token. */
    private static String curl(World world, String options) throws Exception {
        Process curl = world.command("curl", "-sS", "--noproxy", "*", "-K", "-").start();
        try (OutputStream in = curl.getOutputStream()) {
            in.write(options.getBytes(StandardCharsets.UTF_8));
        }
        String answer = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(curl.waitFor()).isZero();
        return answer.strip();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }
}
