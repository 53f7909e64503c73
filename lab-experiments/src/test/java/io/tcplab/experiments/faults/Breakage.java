package io.tcplab.experiments.faults;

import io.tcplab.experiments.EvidenceMissing;
import io.tcplab.experiments.cell.Host;
import io.tcplab.experiments.cell.RunningLoad;
import io.tcplab.experiments.faults.ImpairedCells.Question;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** What goes wrong in one cell, once its run is under way. */
final class Breakage {
    private static final Set<String> DUMPS = Set.of("census", "await");

    private final Kind kind;
    private final int nth;
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicBoolean struck = new AtomicBoolean();

    /** What may go wrong. */
    enum Kind {
        /** Each nth list of a host's sockets is one whose every try the kernel interrupted. */
        INTERRUPTED_DUMP,
        /** From the nth question on, no host answers, as when the agent in a container has been killed. */
        LOST_AGENT,
        /** From the nth load on, the generator starts too much too late. */
        LATE_GENERATOR
    }

    Breakage(Kind kind, int nth) {
        this.kind = kind;
        this.nth = nth;
    }

    /** Whether it has gone wrong. */
    boolean struck() {
        return struck.get();
    }

    Object ofCell(Question question) throws Throwable {
        if (question.name().equals("lost") && kind == Kind.LOST_AGENT && struck()) {
            return Optional.ofNullable(lost().getMessage());
        }
        Object answer = question.answer();
        return answer instanceof Host host ? ImpairedCells.before(Host.class, host, this::ofHost) : answer;
    }

    private Object ofHost(Question question) throws Throwable {
        return switch (kind) {
            case LOST_AGENT -> {
                if (isDue(false)) {
                    throw lost();
                }
                yield question.answer();
            }
            case INTERRUPTED_DUMP -> {
                if (DUMPS.contains(question.name()) && isDue(true)) {
                    throw new EvidenceMissing("the kernel interrupted every attempt to list the sockets");
                }
                yield question.answer();
            }
            case LATE_GENERATOR -> {
                Object answer = question.answer();
                yield answer instanceof RunningLoad load && isDue(false)
                        ? ImpairedCells.before(RunningLoad.class, load, Breakage::ofLateLoad)
                        : answer;
            }
        };
    }

    private static Object ofLateLoad(Question question) throws Throwable {
        Object answer = question.answer();
        if (question.name().equals("awaitEnd")) {
            throw new EvidenceMissing("the load generator lagged");
        }
        return answer;
    }

    /**
     * Counts a question.
     *
     * @param again whether those between two nth ones go well
     */
    private boolean isDue(boolean again) {
        int number = asked.incrementAndGet();
        boolean due = again ? number % nth == 0 : number >= nth;
        if (due) {
            struck.set(true);
        }
        return due;
    }

    private static EvidenceMissing lost() {
        return new EvidenceMissing("the agent is lost: " + WithoutSource.REASON);
    }
}
