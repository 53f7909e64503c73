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
        Golden.assertSame("run.json", Written.json(RunJson.of(Samples.report())));
        StringWriter xml = new StringWriter();
        JUnitXmlReport.write(Samples.report(), xml);
        Golden.assertSame("run.xml", xml.toString());
        Golden.assertSame("run.md", Written.text(to -> Markdown.write(Samples.report(), to)));
        Golden.assertSame("timeline.csv", Written.text(to -> TimelineCsv.write(Samples.report(), to)));
        Golden.assertSame("load.json", Written.json(LoadJson.of(LoadSamples.plan(), Samples.load())));
    }
}
