package io.tcplab.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What other programs read. */
class JsonTest {

    static List<Json.Document> documents() {
        return List.of(
                RunJson.of(Samples.report()),
                ClaimsJson.of(ClaimsSamples.report()),
                CompareJson.of(CompareSamples.report()),
                CompareJson.of(KernelSamples.comparison()),
                SamplesJson.of("6.1.0", false, CompareSamples.comparison().samples()),
                LoadJson.of(LoadSamples.plan(), Samples.load()),
                StormJson.of(StormSamples.whole()),
                StormJson.of(StormSamples.partial()),
                StormJson.of(StormSamples.withoutServer()),
                SysctlJson.of(SysctlSamples.knobs()),
                SysctlJson.Lint.of(SysctlSamples.lint()),
                SysctlJson.Diff.of(SysctlSamples.diff(), "6.18.44", "a.conf", "b.conf"),
                DiagnosisJson.of(DiagnosisSamples.diagnosis()),
                DiagnosisJson.of(DiagnosisSamples.blind()),
                DiagnosisJson.Checked.of(DiagnosisSamples.check()),
                KernelSamples.list(),
                PastResultsTest.json(),
                PastResultsTest.diffJson(),
                KernelJson.claims(KernelSamples.claims(), false),
                KernelJson.runs(KernelSamples.runs(), "confirmed", false));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void eachDocumentKeepsToTheSchemaThatItNames(Json.Document document) {
        assertThat(Schemas.errors(schema(document), Written.json(document))).isEmpty();
    }

    @Test
    void noDocumentIsLeftOut() {
        Set<Class<?>> here = documents().stream().map(Object::getClass).collect(Collectors.toSet());
        assertThat(here).containsExactlyInAnyOrder(Json.Document.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @CsvSource({
        "diagnosis, \"certainty\": \"likely\", \"certainty\": \"sure\"",
        "diagnosis, lab/diagnose/1, lab/run/1",
        "check, \"verdict\": \"broken\", \"verdict\": \"bad\"",
        "load, \"completed\": 1000, \"completed\": -1",
        "load, \"p99.9\", \"p999\""
    })
    void theSchemasRefuseWhatIsWrong(String of, String right, String wrong) {
        Json.Document document = switch (of) {
            case "diagnosis" -> DiagnosisJson.of(DiagnosisSamples.diagnosis());
            case "check" -> DiagnosisJson.Checked.of(DiagnosisSamples.check());
            default -> LoadJson.of(LoadSamples.plan(), Samples.load());
        };
        Schemas.assertRefuses(schema(document), Written.json(document), right, wrong);
    }

    /** {@code lab/run/1} is in {@code lab-run-1.schema.json}. */
    private static Schema schema(Json.Document document) {
        return Schemas.read(document.schema().replace('/', '-') + ".schema.json");
    }
}
