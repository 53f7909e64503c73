package io.tcplab.report;

import io.tcplab.experiments.run.RunResult;
import io.tcplab.experiments.run.Timeline;
import java.io.IOException;
import java.io.Writer;

/**
 * How many sockets were in which state over time, one line a sample and state, zeros included, for a spreadsheet
 * or a plot. A sample stands until the host's next one.
 */
public final class TimelineCsv {
    private TimelineCsv() {}

    /** Writes all runs, and flushes; doesn't close. */
    public static void write(RunReport report, Writer to) throws IOException {
        Csv csv = new Csv(to, "experiment", "trial", "seconds", "host", "state", "sockets");
        for (RunResult run : report.runs()) {
            for (Timeline.Sample sample : run.fault().timeline().samples()) {
                write(run, sample, csv);
            }
        }
        to.flush();
    }

    private static void write(RunResult run, Timeline.Sample sample, Csv to) throws IOException {
        for (var count : sample.counts().byState().entrySet()) {
            to.row(
                    run.experiment(),
                    run.trial(),
                    Figures.text(sample.seconds()),
                    sample.host().label(),
                    count.getKey().label(),
                    count.getValue());
        }
    }
}
