package io.tcplab.report;

import java.io.StringWriter;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs read these. They must not change by accident, nor with the user's language. */
class MachineFormatsTest {
    private final Locale before = Locale.getDefault();

    @AfterEach
    void restore() {
        Locale.setDefault(before);
    }

    // Decimal commas, digits of their own, and a dotless i.
    @ParameterizedTest
    @ValueSource(strings = {"en-US", "de-DE", "ar-EG-u-nu-arab", "hi-IN-u-nu-deva", "tr-TR"})
    void areTheSameInEveryLanguage(String language) throws Exception {
        Locale.setDefault(Locale.forLanguageTag(language));
        StringWriter json = new StringWriter();
        Json.write(RunJson.of(Samples.report()), json);
        Golden.assertSame("run.json", json.toString());
        StringWriter xml = new StringWriter();
        JUnitXmlReport.write(Samples.report(), xml);
        Golden.assertSame("run.xml", xml.toString());
        StringWriter markdown = new StringWriter();
        Markdown.write(Samples.report(), markdown);
        Golden.assertSame("run.md", markdown.toString());
        StringWriter csv = new StringWriter();
        TimelineCsv.write(Samples.report(), csv);
        Golden.assertSame("timeline.csv", csv.toString());
        StringWriter load = new StringWriter();
        Json.write(LoadJson.of(LoadSamples.plan(), Samples.load()), load);
        Golden.assertSame("load.json", load.toString());
    }
}
