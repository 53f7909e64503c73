package io.tcplab.experiments.cell;

import java.util.Optional;

/** What provides cells. Implementations must pass the sandbox contract test. */
public interface Sandbox {

    /** As the user types it: {@code namespaces}. */
    String name();

    /** Why no cell can be had here, with the remedy; empty if one can. */
    Optional<String> unavailable();

    /**
     * Why a plan can't be carried out in this sandbox, though cells can be had; empty if it can. Known before anything
     * starts.
     */
    Optional<String> obstacle(CellPlan plan);

    /**
     * Makes a cell, its sysctls set and read back. Closing the cell removes all of it; so does the end of this process,
     * however it ends.
     */
    Cell open(CellPlan plan);
}
