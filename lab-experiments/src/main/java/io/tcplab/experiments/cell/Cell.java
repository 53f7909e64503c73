package io.tcplab.experiments.cell;

import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.Role;
import io.tcplab.kernel.transitions.Transition;
import java.util.List;

/** An isolated network of two hosts. Used by one run, then closed. */
public interface Cell extends AutoCloseable {

    /** The host of that role. */
    Host host(Role role);

    /**
     * Ends the recording of state changes, which began when the cell was made, and gives all of them, both hosts', in the
     * kernel's order of time.
     *
     * @throws EvidenceMissing if they can't be recorded here, or some were lost
     */
    List<Transition> transitions();

    @Override
    void close();
}
