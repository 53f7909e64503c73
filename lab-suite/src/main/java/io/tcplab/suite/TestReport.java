package io.tcplab.suite;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Reads the reports that JUnit's console launcher leaves: {@code TEST-junit-jupiter.xml}, in JUnit's legacy format. */
final class TestReport {
    private TestReport() {}

    /**
     * All tests in a folder's reports; none if the folder or its reports are missing.
     *
     * @throws UncheckedIOException if a report can't be read, or isn't whole
     */
    static List<TestResult> in(Path folder, String module) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<TestResult> results = new ArrayList<>();
            for (Path file : files.filter(TestReport::isReport).sorted().toList()) {
                results.addAll(read(file, module));
            }
            return results;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isReport(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith("TEST-") && name.endsWith(".xml");
    }

    private static List<TestResult> read(Path file, String module) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            XMLStreamReader xml = XMLInputFactory.newDefaultFactory().createXMLStreamReader(in);
            List<TestResult> results = new ArrayList<>();
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamReader.START_ELEMENT
                        && xml.getLocalName().equals("testcase")) {
                    results.add(testcase(xml, module));
                }
            }
            return results;
        } catch (XMLStreamException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static TestResult testcase(XMLStreamReader xml, String module) throws XMLStreamException {
        String type = xml.getAttributeValue(null, "classname");
        String test = type.substring(type.lastIndexOf('.') + 1) + "." + xml.getAttributeValue(null, "name");
        double seconds = Double.parseDouble(xml.getAttributeValue(null, "time"));
        Outcome outcome = Outcome.PASSED;
        String failure = "";
        while (!(xml.next() == XMLStreamReader.END_ELEMENT && xml.getLocalName().equals("testcase"))) {
            if (xml.getEventType() != XMLStreamReader.START_ELEMENT) {
                continue;
            }
            switch (xml.getLocalName()) {
                case "failure", "error" -> {
                    outcome = Outcome.FAILED;
                    failure = failure(xml);
                }
                case "skipped" -> outcome = Outcome.SKIPPED;
                default -> {}
            }
        }
        return new TestResult(module, test, outcome, seconds, failure);
    }

    /** The stack trace begins with the error's type and repeats its message. */
    private static String failure(XMLStreamReader xml) throws XMLStreamException {
        String message = Objects.requireNonNullElse(xml.getAttributeValue(null, "message"), "");
        String trace = xml.getElementText().strip();
        int frames = trace.indexOf("\n\tat ");
        return (message.strip() + (frames < 0 ? "\n" + trace : trace.substring(frames))).strip();
    }
}
