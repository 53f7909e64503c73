package io.tcplab.experiments.cell;

import io.tcplab.kernel.limits.KernelRelease;
import io.tcplab.kernel.sysctl.Sysctls;
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

    /** Why one of a host's sysctls can't have this value; empty if it can, or if that is unknown before there is a
     * host.
     */
    default Optional<String> sysctlProblem(String name, String value) {
        return Sysctls.refusal(name, value);
    }

    /** How much it takes at a time. */
    default Capacity capacity() {
        return Capacity.ofThisProcess();
    }

    /** The release of the kernel that its hosts have, as uname(2) says it. */
    default String kernel() {
        return KernelRelease.current().text();
    }

    /**
     * Makes a cell, its sysctls set and read back. Closing the cell removes all of it; so does the end of this process,
     * however it ends.
     *
     * @throws io.tcplab.experiments.EvidenceMissing if it can't be made, so that there can be no evidence
     * @throws io.tcplab.kernel.KernelException likewise, if it was the kernel who refused
     */
    Cell open(CellPlan plan);
}
