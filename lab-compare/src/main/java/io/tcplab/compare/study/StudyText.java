package io.tcplab.compare.study;

import io.tcplab.compare.design.Change;
import io.tcplab.compare.design.Design;
import io.tcplab.compare.design.Setting;
import java.util.LinkedHashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;

/** Writes a design as a study that needs no other file, for a lab on another machine: {@link StudyFile} reads it. */
public final class StudyText {
    private StudyText() {}

    /** In YAML: each setting by its name, in their order, with the trials and the seed. */
    public static String of(Design design) {
        Map<String, Object> study = new LinkedHashMap<>();
        study.put(StudyFile.EXPERIMENTS, design.experiment().story().name());
        study.put(
                StudyFile.SETTINGS,
                design.settings().stream().map(StudyText::setting).toList());
        study.put("trials", design.trials().orElseThrow());
        study.put("seed", design.seed());
        return new Dump(DumpSettings.builder().build()).dumpToString(study);
    }

    private static Map<String, Object> setting(Setting setting) {
        Change change = setting.change();
        Map<String, Object> entries = new LinkedHashMap<>();
        entries.put("name", setting.label());
        Map<String, String> sysctls = new LinkedHashMap<>();
        change.sysctls()
                .forEach((role, own) -> own.forEach((name, value) -> sysctls.put(role.label() + ":" + name, value)));
        put(entries, "sysctl", sysctls);
        put(entries, "set", change.knobs());
        change.transport().ifPresent(transport -> entries.put("transport", transport.label()));
        change.sandbox().ifPresent(sandbox -> entries.put("sandbox", sandbox));
        return entries;
    }

    private static void put(Map<String, Object> entries, String key, Map<String, String> values) {
        if (!values.isEmpty()) {
            entries.put(key, values);
        }
    }
}
