package io.tcplab.report;

import io.tcplab.experiments.Arm;
import io.tcplab.experiments.Role;
import java.util.Arrays;
import java.util.List;

/**
 * A {@link StatesChart} small enough for a table's row: the client left, the server right, the fault's arm above the control's, all on the
 * same axes. Lengths are pixels.
 *
 * @param words what it shows, for those who don't see it
 */
record StatesSparks(String words, List<Spark> sparks) {
    static final int WIDTH = 100;
    static final int HEIGHT = 20;
    static final int GAP = 8;

    /** Narrower steps couldn't be seen. */
    private static final int COLUMNS = 50;

    /** One host in one arm. */
    record Spark(int x, int y, List<Area> areas) {}

    /**
     * How many sockets are in a state, and in those after it: the one after covers a part of it.
     *
     * @param style the state, as a style calls it
     * @param path as SVG has it
     */
    record Area(String style, String path) {}

    static StatesSparks of(StatesChart chart) {
        return new StatesSparks(
                chart.words(),
                chart.panels().stream().map(panel -> spark(panel, chart)).toList());
    }

    /** The width of all of them. */
    static int allWidth() {
        return 2 * WIDTH + GAP;
    }

    /** The height of all of them. */
    static int allHeight() {
        return 2 * HEIGHT + GAP;
    }

    private static Spark spark(StatesChart.Panel panel, StatesChart chart) {
        int[] heights = new int[COLUMNS];
        Area[] areas = new Area[panel.series().size()];
        // From the lowest up, and drawn from the highest down.
        for (int i = 0; i < areas.length; i++) {
            StatesChart.Series series = panel.series().get(i);
            int[] counts = Sparkline.columns(panel.seconds(), series.sockets(), chart.seconds(), COLUMNS);
            for (int column = 0; column < COLUMNS; column++) {
                heights[column] = Math.min(HEIGHT, heights[column] + height(counts[column], chart.most()));
            }
            areas[areas.length - 1 - i] = new Area(StateStyle.of(series.state()), path(heights));
        }
        return new Spark(
                panel.host() == Role.CLIENT ? 0 : WIDTH + GAP,
                panel.arm() == Arm.FAULT ? 0 : HEIGHT + GAP,
                Arrays.asList(areas));
    }

    /** One socket among thousands is seen, too. */
    private static int height(int count, int most) {
        return count == 0 ? 0 : Math.max(1, Math.round((float) count * HEIGHT / Math.max(1, most)));
    }

    /** Steps, with a corner only where the height changes. */
    private static String path(int[] heights) {
        StringBuilder path = new StringBuilder("M0 " + HEIGHT);
        int before = 0;
        for (int column = 0; column < heights.length; column++) {
            if (heights[column] != before) {
                path.append('H').append(column * WIDTH / COLUMNS).append('V').append(HEIGHT - heights[column]);
                before = heights[column];
            }
        }
        return path.append('H')
                .append(WIDTH)
                .append('V')
                .append(HEIGHT)
                .append('Z')
                .toString();
    }
}
