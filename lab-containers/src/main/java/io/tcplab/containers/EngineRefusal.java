package io.tcplab.containers;

import io.tcplab.experiments.EvidenceMissing;

/** Says in the lab's words why the engine did not make a cell. */
final class EngineRefusal {
    private EngineRefusal() {}

    /** The reason, from the innermost error, which has the engine's own words. */
    static EvidenceMissing of(RuntimeException failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return new EvidenceMissing(
                "the engine didn't create the cell: " + explain(String.valueOf(root.getMessage())), failure);
    }

    private static String explain(String words) {
        if (words.contains("sysctl")) {
            return words.strip() + "; containers only have the sysctls of their network namespace";
        }
        if (words.contains("rlimit")) {
            return words.strip() + "; the engine itself may not open that many files: raise its limit (LimitNOFILE)";
        }
        return words.strip();
    }
}
