package io.tcplab.cli;

import io.tcplab.experiments.catalogue.Catalogue;
import java.util.Iterator;

/** The experiments' names, for shell completion. */
final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
        return Catalogue.names().iterator();
    }
}
