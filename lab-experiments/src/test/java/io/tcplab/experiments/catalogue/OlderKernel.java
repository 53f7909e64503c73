package io.tcplab.experiments.catalogue;

import io.tcplab.experiments.Role;
import io.tcplab.experiments.cell.Cell;
import io.tcplab.experiments.cell.CellPlan;
import io.tcplab.experiments.cell.Host;
import io.tcplab.experiments.faults.ImpairedCells;
import io.tcplab.experiments.run.PreparedRun;
import io.tcplab.kernel.Errno;
import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.counters.Counters;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Cells of this kernel that lack what an older one lacks.
 *
 * @param sysctls those that it lacks, and the value that makes this kernel behave as if it did
 * @param counters those that it lacks, and in which one it counts the same
 */
record OlderKernel(Map<String, String> sysctls, Map<String, String> counters) implements ImpairedCells {
    @Override
    public String name() {
        return "older";
    }

    @Override
    public Cell open(CellPlan plan) {
        CellPlan older = plan;
        for (Role role : Role.values()) {
            for (var sysctl : sysctls.entrySet()) {
                older = older.with(role, sysctl.getKey(), sysctl.getValue());
            }
        }
        return ImpairedCells.before(Cell.class, REAL.open(older), question -> {
            Object answer = question.answer();
            return answer instanceof Host host ? older(host) : answer;
        });
    }

    /** As an experiment would have planned it there: it asks this kernel what there is. */
    PreparedRun prepared(PreparedRun run) {
        return new PreparedRun(
                run.experiment(),
                run.trial(),
                run.knobs(),
                older(run.faultCell()),
                older(run.controlCell()),
                run.withoutFault(),
                run.descriptors(),
                run.obstacle());
    }

    private CellPlan older(CellPlan plan) {
        Map<Role, Map<String, String>> left = new EnumMap<>(Role.class);
        plan.sysctls().forEach((role, all) -> {
            Map<String, String> its = new LinkedHashMap<>(all);
            its.keySet().removeAll(sysctls.keySet());
            left.put(role, its);
        });
        return new CellPlan(
                left,
                plan.clientAddresses(),
                plan.serverAddresses(),
                plan.link(),
                plan.transitions(),
                plan.capture(),
                plan.timeWaitKept());
    }

    private Host older(Host host) {
        return ImpairedCells.before(Host.class, host, question -> switch (question.name()) {
            case "sysctl", "setSysctl" -> {
                String name = question.about();
                if (sysctls.containsKey(name)) {
                    throw new KernelException("open " + name, Errno.ENOENT, "an older kernel");
                }
                yield question.answer();
            }
            case "counters" -> older(host.counters());
            default -> question.answer();
        });
    }

    private Counters older(Counters now) {
        Map<String, Long> values = new LinkedHashMap<>(now.values());
        counters.forEach((lacking, other) -> {
            Long counted = values.remove(lacking);
            values.merge(other, counted == null ? 0 : counted, Long::sum);
        });
        return new Counters(now.atNanos(), values);
    }
}
