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
    private static final String HEADER = "experiment,trial,seconds,host,state,sockets\n";

    private TimelineCsv() {}

    /** Writes all runs; no field ever needs quoting. */
    public static void write(RunReport report, Writer to) throws IOException {
        to.write(HEADER);
        for (RunResult run : report.runs()) {
            for (Timeline.Sample sample : run.timeline().samples()) {
                write(run, sample, to);
            }
        }
        to.flush();
    }

    private static void write(RunResult run, Timeline.Sample sample, Writer to) throws IOException {
        String start = String.join(
                ",",
                run.experiment(),
                Integer.toString(run.trial()),
                Figures.text(sample.seconds()),
                sample.host().label());
        for (var count : sample.counts().byState().entrySet()) {
            to.write(start + "," + count.getKey().label() + "," + count.getValue() + "\n");
        }
    }
}
