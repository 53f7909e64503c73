package io.tcplab.cli;

import io.tcplab.kernels.Accelerator;
import io.tcplab.kernels.Kernels;
import io.tcplab.kernels.Requirements;
import java.util.ArrayList;
import java.util.List;

/** What {@code --kernel} would find. Nothing else needs it. */
final class KernelChecks {
    private static final String ONLY = "; only --kernel needs it";

    private KernelChecks() {}

    static List<Check> all() {
        List<Requirements.Missing> missing = Requirements.missing();
        if (!missing.isEmpty()) {
            return missing.stream()
                    .map(each -> Check.limited("guests", each.program() + " is missing" + ONLY, each.remedy()))
                    .toList();
        }
        List<Check> checks = new ArrayList<>();
        checks.add(
                Accelerator.best() == Accelerator.KVM
                        ? Check.ok("guests", "by QEMU, with KVM if it works in a guest")
                        : Check.ok("guests", "by QEMU, emulated and therefore slow: this user can't use /dev/kvm"));
        int kernels =
                Kernels.here().installed().size() + Kernels.here().fetched().size();
        checks.add(
                kernels > 0
                        ? Check.ok("kernels", kernels + " to boot besides this one; `lab kernels` lists them")
                        : Check.limited(
                                "kernels",
                                "none to boot besides this one" + ONLY,
                                "lab kernels --fetch 6.1, or name a file by --kernel"));
        return checks;
    }
}
