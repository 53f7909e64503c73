package io.tcplab.experiments.run;

import io.tcplab.experiments.Experiment;
import io.tcplab.experiments.KnobValues;
import io.tcplab.experiments.cell.CellPlan;
import java.util.Optional;

/**
 * One trial of one experiment, checked and ready to start.
 *
 * @param trial 1 for the first
 * @param faultCell the cell of the fault's arm
 * @param controlCell the cell of the control
 * @param descriptors file descriptors that it takes of those which all runs share, its control's included
 * @param obstacle why the sandbox can't do it, in which case it is inconclusive without being started
 */
public record PreparedRun(
        Experiment experiment,
        int trial,
        KnobValues knobs,
        CellPlan faultCell,
        CellPlan controlCell,
        boolean withoutFault,
        int descriptors,
        Optional<String> obstacle) {

    /** The experiment's name. */
    public String name() {
        return experiment.story().name();
    }
}
