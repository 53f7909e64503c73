package io.tcplab.compare.verdict;

import io.tcplab.kernel.sysctl.SysctlCatalogue;
import io.tcplab.kernel.sysctl.SysctlKnob;
import java.util.ArrayList;
import java.util.List;

/** Finds what is known of the sysctls that differ, and says where the figures contradict it. */
final class Reasons {
    private final List<SysctlDifference> differences;
    private final List<MeasureResult> measures;

    private Reasons(List<SysctlDifference> differences, List<MeasureResult> measures) {
        this.differences = differences;
        this.measures = measures;
    }

    static List<Reason> of(List<SysctlDifference> differences, List<MeasureResult> measures) {
        return new Reasons(differences, measures).all();
    }

    private List<Reason> all() {
        List<Lesson> lessons = Lesson.all();
        List<Reason> reasons = new ArrayList<>();
        for (String sysctl : names()) {
            List<Reason> own = lessons.stream()
                    .filter(lesson -> lesson.sysctl().equals(sysctl))
                    .filter(this::isAboutAMeasure)
                    .map(lesson -> new Reason(sysctl, lesson.sentence(), lesson.claims(), !isContradicted(lesson)))
                    .toList();
            reasons.addAll(own.isEmpty() ? meaning(sysctl) : own);
        }
        return List.copyOf(reasons);
    }

    private List<String> names() {
        return differences.stream().map(SysctlDifference::name).distinct().toList();
    }

    private boolean isAboutAMeasure(Lesson lesson) {
        return measures.stream()
                .filter(result -> !result.isNothing())
                .anyMatch(result ->
                        lesson.measures().matcher(result.measure().name()).matches());
    }

    /** If several sysctls differ at once another one may have done it. */
    private boolean isContradicted(Lesson lesson) {
        return lesson.none()
                && names().size() == 1
                && measures.stream()
                        .filter(result -> lesson.measures()
                                .matcher(result.measure().name())
                                .matches())
                        .flatMap(result -> result.findings().stream())
                        .filter(finding -> differences.getFirst().differs(finding.setting()))
                        .anyMatch(finding -> finding.effect().isThere());
    }

    private static List<Reason> meaning(String sysctl) {
        return SysctlCatalogue.find(sysctl)
                .map(SysctlKnob::meaning)
                .map(meaning -> List.of(new Reason(sysctl, meaning, List.of(), true)))
                .orElse(List.of());
    }
}
