package io.tcplab.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestReportTest {
    /** As the console launcher of JUnit 6 writes it, shortened. */
    private static final String REPORT = """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuite name="JUnit Jupiter" tests="4" skipped="1" failures="1" errors="1" time="2.71">
            <properties><property name="java.version" value="25"/></properties>
            <testcase name="passes()" classname="io.tcplab.one.FirstTest" time="0.25">
            <system-out><![CDATA[unique-id: [engine:junit-jupiter]]]></system-out>
            </testcase>
            <testcase name="fails(String)[1]" classname="io.tcplab.one.FirstTest" time="1.5">
            <failure message="&#10;Expecting actual: 18&#10;to be equal to: 20" type="org.opentest4j.AssertionFailedError"><![CDATA[org.opentest4j.AssertionFailedError:
            Expecting actual: 18
            to be equal to: 20
            \tat io.tcplab.one.FirstTest.fails(FirstTest.java:7)
            ]]></failure>
            </testcase>
            <testcase name="throws()" classname="io.tcplab.one.OuterTest$Inner" time="0">
            <error type="java.io.IOException"><![CDATA[java.io.IOException]]></error>
            </testcase>
            <testcase name="isLeftOut()" classname="io.tcplab.one.OuterTest" time="0.0">
            <skipped><![CDATA[disabled]]></skipped>
            </testcase>
            </testsuite>
            """;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void eachTestHasItsOutcomeAndItsFailure() throws IOException {
        Files.writeString(folder.resolve("TEST-junit-jupiter.xml"), REPORT);
        assertThat(TestReport.in(folder, "lab-one"))
                .containsExactly(
                        new TestResult("lab-one", "FirstTest.passes()", Outcome.PASSED, 0.25, ""),
                        new TestResult(
                                "lab-one",
                                "FirstTest.fails(String)[1]",
                                Outcome.FAILED,
                                1.5,
                                "Expecting actual: 18\nto be equal to: 20\n\tat io.tcplab.one.FirstTest.fails(FirstTest.java:7)"),
                        new TestResult("lab-one", "OuterTest$Inner.throws()", Outcome.FAILED, 0, "java.io.IOException"),
                        new TestResult("lab-one", "OuterTest.isLeftOut()", Outcome.SKIPPED, 0, ""));
    }

    @Test
    void aFailuresMessageIsItsFirstLine() {
        assertThat(new TestResult("lab-one", "A.a()", Outcome.FAILED, 0, "no way\n\tat A.a(A.java:1)").message())
                .isEqualTo("no way");
    }

    @Test
    void withoutAReportThereAreNoResults() {
        assertThat(TestReport.in(folder, "lab-one")).isEmpty();
        assertThat(TestReport.in(folder.resolve("missing"), "lab-one")).isEmpty();
    }

    @Test
    void aReportThatWasCutOffIsNoReport() throws IOException {
        Path file = folder.resolve("TEST-junit-jupiter.xml");
        Files.writeString(file, REPORT.substring(0, REPORT.length() / 2));
        assertThatThrownBy(() -> TestReport.in(folder, "lab-one")).hasMessageContaining(file.toString());
    }
}
