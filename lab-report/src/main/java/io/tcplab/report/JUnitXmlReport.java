package io.tcplab.report;

import io.tcplab.experiments.Verdict;
import io.tcplab.experiments.run.ExpectationResult;
import io.tcplab.experiments.run.RunResult;
import java.io.Writer;
import java.util.List;
import java.util.function.Predicate;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * The report as CI servers read it: a suite for each run, a case for each expectation in each arm. Refuted is a failure.
 * Inconclusive is an error where the verdict rests on it, since it must not pass, and skipped where it doesn't.
 */
public final class JUnitXmlReport {
    private final XMLStreamWriter xml;

    private JUnitXmlReport(XMLStreamWriter xml) {
        this.xml = xml;
    }

    /**
     * Writes the document and flushes; doesn't close.
     *
     * @throws XMLStreamException if the writer fails
     */
    public static void write(RunReport report, Writer to) throws XMLStreamException {
        XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(to);
        new JUnitXmlReport(xml).write(report);
        xml.close();
    }

    private void write(RunReport report) throws XMLStreamException {
        List<ExpectationResult> all = report.runs().stream()
                .flatMap(run -> run.expectations().stream())
                .toList();
        xml.writeStartDocument("UTF-8", "1.0");
        line(0);
        xml.writeStartElement("testsuites");
        xml.writeAttribute("name", "lab run");
        writeCounts(all);
        for (RunResult run : report.runs()) {
            write(run);
        }
        line(0);
        xml.writeEndElement();
        xml.writeEndDocument();
        xml.writeCharacters("\n");
        xml.flush();
    }

    private void write(RunResult run) throws XMLStreamException {
        line(1);
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", run.experiment() + " trial " + run.trial());
        writeCounts(run.expectations());
        xml.writeAttribute("time", Figures.text(run.seconds()));
        for (ExpectationResult result : run.expectations()) {
            write(run, result);
        }
        line(1);
        xml.writeEndElement();
    }

    private void write(RunResult run, ExpectationResult result) throws XMLStreamException {
        line(2);
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", "lab." + run.experiment());
        xml.writeAttribute(
                "name", result.expectation().statement() + " (" + result.arm().label() + ")");
        xml.writeAttribute("time", "0");
        switch (result.verdict()) {
            case CONFIRMED -> {}
            case REFUTED -> writeProblem("failure", Phrases.observed(result));
            case INCONCLUSIVE -> writeProblem(result.decides() ? "error" : "skipped", result.reason());
        }
        xml.writeEndElement();
    }

    private void writeProblem(String element, String message) throws XMLStreamException {
        line(3);
        xml.writeEmptyElement(element);
        xml.writeAttribute("message", message);
        line(2);
    }

    private void writeCounts(List<ExpectationResult> results) throws XMLStreamException {
        xml.writeAttribute("tests", Integer.toString(results.size()));
        xml.writeAttribute("failures", count(results, r -> r.verdict() == Verdict.REFUTED));
        xml.writeAttribute("errors", count(results, r -> r.verdict() == Verdict.INCONCLUSIVE && r.decides()));
        xml.writeAttribute("skipped", count(results, r -> r.verdict() == Verdict.INCONCLUSIVE && !r.decides()));
    }

    private static String count(List<ExpectationResult> results, Predicate<ExpectationResult> which) {
        return Long.toString(results.stream().filter(which).count());
    }

    private void line(int depth) throws XMLStreamException {
        xml.writeCharacters("\n" + "  ".repeat(depth));
    }
}
