package io.tcplab.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Documents as earlier versions of the lab wrote them, which somebody may have kept: today's schemas accept them. These files
 * stay as they are. A document that looks otherwise than all of its kind here is added beside them; {@code GOLDEN=write} adds what has
 * none yet.
 */
class PastDocumentsTest {
    private static final Path FOLDER = Path.of("src/test/resources/io/tcplab/report/past");
    private static final Pattern SCHEMA = Pattern.compile("\"schema\"\\s*:\\s*\"(lab/[a-z-]+/\\d+)\"");

    static List<Path> documents() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void stillKeepsToItsSchema(Path document) throws IOException {
        String text = Files.readString(document);
        assertThat(Schemas.errors(Schemas.read(file(schema(text)) + ".schema.json"), text))
                .isEmpty();
    }

    @Test
    void eachKindIsKept() throws IOException {
        Set<String> kept = new TreeSet<>();
        for (Path document : documents()) {
            kept.add(schema(Files.readString(document)));
        }
        for (Json.Document document : JsonTest.documents()) {
            if ("write".equals(System.getenv("GOLDEN")) && kept.add(document.schema())) {
                StringWriter text = new StringWriter();
                Json.write(document, text);
                Files.writeString(FOLDER.resolve(file(document.schema()) + ".json"), text.toString());
            }
            assertThat(kept).contains(document.schema());
        }
    }

    private static String schema(String text) {
        Matcher schema = SCHEMA.matcher(text);
        assertThat(schema.find()).as(text).isTrue();
        return schema.group(1);
    }

    private static String file(String schema) {
        return schema.replace('/', '-');
    }
}
