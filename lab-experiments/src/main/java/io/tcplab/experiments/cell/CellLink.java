package io.tcplab.experiments.cell;

import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.kernel.capture.Capture;
import io.tcplab.kernel.capture.SegmentTap;
import io.tcplab.kernel.capture.WireCapture;
import io.tcplab.kernel.netns.Namespace;
import io.tcplab.kernel.wire.Side;
import io.tcplab.kernel.wire.Wire;
import io.tcplab.kernel.wire.WireSegment;
import java.nio.file.Path;
import java.util.function.Predicate;

/** What joins the hosts of a cell, and how to look at what crosses it. */
sealed interface CellLink {

    /** See {@link Cell#capture}. */
    LinkCapture capture(Path file);

    /** See {@link Cell#watch}. */
    LinkWatch watch(Predicate<WireSegment> wanted);

    /** The wire, which sees everything. */
    record OfWire(Wire wire) implements CellLink {
        @Override
        public LinkCapture capture(Path file) {
            return new LinkCapture.OfWire(WireCapture.open(file), wire);
        }

        @Override
        public LinkWatch watch(Predicate<WireSegment> wanted) {
            return new LinkWatch.OfWire(wire, wanted);
        }
    }

    /** A veth pair, to be seen at the client's end. */
    record OfVeth(Namespace client, String interfaceName) implements CellLink {
        @Override
        public LinkCapture capture(Path file) {
            return new LinkCapture.OfInterface(Capture.start(client, interfaceName, file));
        }

        @Override
        public LinkWatch watch(Predicate<WireSegment> wanted) {
            return new LinkWatch.OfInterface(SegmentTap.start(client, interfaceName, Side.CLIENT, wanted));
        }
    }

    /** This host's loopback, which belongs to others too. */
    record OfHost() implements CellLink {
        @Override
        public LinkCapture capture(Path file) {
            throw notHere();
        }

        @Override
        public LinkWatch watch(Predicate<WireSegment> wanted) {
            throw notHere();
        }

        private static EvidenceMissing notHere() {
            return new EvidenceMissing(
                    "the host sandbox uses loopback, which also carries other programs' segments; --sandbox"
                            + " namespaces has its own link");
        }
    }
}
