package io.tcplab.experiments.faults;

import io.tcplab.experiments.cell.Cell;
import io.tcplab.experiments.cell.CellPlan;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;

/** Cells of this kernel in each of which the same goes wrong. */
final class BreakingCells implements ImpairedCells {
    private final Breakage.Kind kind;
    private final int nth;
    private final Map<Cell, Breakage> breakages = Collections.synchronizedMap(new IdentityHashMap<>());

    BreakingCells(Breakage.Kind kind, int nth) {
        this.kind = kind;
        this.nth = nth;
    }

    @Override
    public String name() {
        return kind + " " + nth;
    }

    @Override
    public Cell open(CellPlan plan) {
        Breakage breakage = new Breakage(kind, nth);
        Cell cell = ImpairedCells.before(Cell.class, REAL.open(plan), breakage::ofCell);
        breakages.put(cell, breakage);
        return cell;
    }

    /** What went wrong in a cell of its own making, or will. */
    Breakage of(Cell cell) {
        return Objects.requireNonNull(breakages.get(cell));
    }
}
