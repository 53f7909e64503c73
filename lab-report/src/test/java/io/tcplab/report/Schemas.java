package io.tcplab.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** The schemas that users get. */
final class Schemas {
    private Schemas() {}

    static Schema read(String file) {
        try {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(Golden.read(file), InputFormat.JSON);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A document with this in it is valid; with that in its place it isn't. */
    static void assertRefuses(Schema schema, String json, String right, String wrong) {
        assertThat(json).contains(right);
        assertThat(errors(schema, json)).isEmpty();
        assertThat(errors(schema, json.replace(right, wrong))).isNotEmpty();
    }

    static List<String> errors(Schema schema, String json) {
        return schema.validate(json, InputFormat.JSON).stream()
                .map(Object::toString)
                .toList();
    }
}
