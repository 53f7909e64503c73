package io.tcplab.kernel.sysctl;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Puts settings into an order in which the kernel takes each: some are held against another one as it is by then, and of
 * a name that a file sets twice only the last value is left.
 */
final class SettingOrder {
    private final Map<String, String> set = new HashMap<>();
    private final Function<SysctlName, Optional<String>> initial;

    private SettingOrder(Function<SysctlName, Optional<String>> initial) {
        this.initial = initial;
    }

    /**
     * The same settings, as far as possible in the same order.
     *
     * @param initial what a sysctl is before all of them
     */
    static List<SysctlSetting> of(List<SysctlSetting> settings, Function<SysctlName, Optional<String>> initial) {
        SettingOrder order = new SettingOrder(initial);
        List<SysctlSetting> left = new ArrayList<>(settings);
        List<SysctlSetting> ordered = new ArrayList<>();
        while (!left.isEmpty()) {
            SysctlSetting next = left.stream().filter(order::holds).findFirst().orElse(left.getFirst());
            left.remove(next);
            ordered.add(next);
            order.set.put(next.name(), next.value());
        }
        return ordered;
    }

    private boolean holds(SysctlSetting setting) {
        return SysctlCatalogue.find(setting.name())
                .map(knob -> knob.range().write(setting.value(), standing(setting.name()), this::standing))
                .flatMap(Written::refused)
                .isEmpty();
    }

    private Optional<String> standing(String name) {
        return Optional.ofNullable(set.get(name)).or(() -> initial.apply(SysctlName.parse(name)));
    }
}
