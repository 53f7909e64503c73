package io.tcplab.experiments.cell;

import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.Role;
import io.tcplab.kernel.transitions.Recording;
import io.tcplab.kernel.transitions.Transition;
import io.tcplab.kernel.wire.Losses;
import io.tcplab.kernel.wire.RuleHandle;
import io.tcplab.kernel.wire.Wire;
import io.tcplab.kernel.wire.WireSegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** An isolated network of two hosts. Used by one run, then closed. */
public interface Cell extends AutoCloseable {

    /** The host of that role. */
    Host host(Role role);

    /** Why a host is gone, if one is. What the other has seen since then says nothing about the fault. */
    Optional<String> lost();

    /**
     * Ends the recording of state changes, which began when the cell was made, and gives what there is of it, both
     * hosts', in the kernel's order of time.
     *
     * @throws EvidenceMissing if they can't be recorded here
     */
    Recording recording();

    /**
     * All of {@link #recording}.
     *
     * @throws EvidenceMissing if there is none, or if some state changes were lost
     */
    default List<Transition> transitions() {
        Recording recording = recording();
        if (recording.lost() > 0) {
            throw new EvidenceMissing("%,d state changes were lost, %,d were recorded"
                    .formatted(recording.lost(), recording.transitions().size()));
        }
        return recording.transitions();
    }

    /**
     * The wire between the hosts.
     *
     * @throws IllegalStateException if the plan did not ask for one
     */
    Wire wire();

    /**
     * All segments so far, and what became of them, in order of time.
     *
     * @throws EvidenceMissing if the wire lost any by its own fault: then they are not what the hosts' kernels sent
     */
    default List<WireSegment> segments() {
        requireAll();
        return wire().segments();
    }

    /**
     * How many segments a rule of the wire has met so far.
     *
     * @throws EvidenceMissing if the wire lost any by its own fault: then there may have been more
     */
    default long matched(RuleHandle rule) {
        requireAll();
        return rule.matched();
    }

    private void requireAll() {
        Losses losses = wire().losses();
        if (losses.total() > 0) {
            throw new EvidenceMissing("the wire couldn't keep up: " + losses);
        }
    }

    /**
     * Begins to capture what crosses the link between the hosts.
     *
     * @param file is created, or emptied
     * @throws io.tcplab.kernel.capture.CaptureException if the file can't be written
     * @throws EvidenceMissing if this sandbox has no link of its own
     */
    LinkCapture capture(Path file);

    /**
     * Begins to look at what crosses the link between the hosts.
     *
     * @param wanted is asked about segments, and may be asked about one again; by one thread at a time
     * @throws EvidenceMissing if this sandbox has no link that it can look at
     */
    default LinkWatch watch(Predicate<WireSegment> wanted) {
        throw new EvidenceMissing("this sandbox has no access to its cells' link; --sandbox namespaces has");
    }

    @Override
    void close();
}
