package io.tcplab.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reports of several kernels as one: the schema is that of the command ({@code lab/run/1}, {@code lab/claims/1}), with the field
 * {@code kernels} more, which has each kernel's whole report. The other fields are the first kernel's that has a report, so that
 * what reads one kernel's reads this, too.
 */
public final class KernelJson {
    private static final String CLAIMS = "lab/claims/1";

    private KernelJson() {}

    /** The claims: each says in {@code byKernel} what it is on each, and in {@code differs} whether that differs. */
    public static Json.Document claims(KernelTable table, boolean interrupted) {
        StoredReport first = first(table, CLAIMS).with("interrupted", interrupted);
        List<Object> claims = new ArrayList<>();
        for (StoredReport claim : first.objects("claims")) {
            table.rows().stream()
                    .filter(row -> row.key().equals(claim.text("number")))
                    .findFirst()
                    .ifPresent(row -> claims.add(claim.with("byKernel", byKernel(row, table.kernels()))
                            .with("differs", row.differs())));
        }
        return withKernels(first.with("claims", claims), table);
    }

    /** The runs of all kernels, each with its {@code kernel}. */
    public static Json.Document runs(KernelTable table, String verdict, boolean interrupted) {
        List<Object> runs = new ArrayList<>();
        for (KernelRun kernel : table.kernels()) {
            kernel.report()
                    .map(report -> report.objects("runs"))
                    .orElse(List.of())
                    .forEach(run -> {
                        StoredReport own = run.with("kernel", kernel.kernel());
                        runs.add(own);
                    });
        }
        StoredReport all = first(table, "lab/run/1")
                .with("interrupted", interrupted)
                .with("verdict", verdict)
                .with("runs", runs);
        return withKernels(all, table);
    }

    private static StoredReport withKernels(StoredReport document, KernelTable table) {
        return document.with(
                "kernels", table.kernels().stream().map(KernelRun::document).toList());
    }

    private static StoredReport byKernel(KernelTable.Row row, List<KernelRun> kernels) {
        Map<String, @Nullable Object> verdicts = new LinkedHashMap<>();
        IntStream.range(0, kernels.size())
                .filter(i -> row.cells().get(i).isThere())
                .forEach(i -> {
                    Map<String, @Nullable Object> cell = new LinkedHashMap<>();
                    cell.put("verdict", row.cells().get(i).verdict());
                    cell.put("evidence", row.cells().get(i).why());
                    verdicts.put(kernels.get(i).kernel(), cell);
                });
        return new StoredReport(verdicts);
    }

    /** Of the first kernel that has a report; if none has, one that is empty and keeps the schema. */
    private static StoredReport first(KernelTable table, String schema) {
        return table.kernels().stream()
                .flatMap(kernel -> kernel.report().stream())
                .findFirst()
                .orElseGet(() -> nothing(schema, table.kernels().getFirst().release()));
    }

    private static StoredReport nothing(String schema, String release) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("schema", schema);
        fields.put("kernel", Map.of("release", release));
        fields.put("sandbox", "namespaces");
        fields.put("interrupted", true);
        if (schema.equals(CLAIMS)) {
            fields.put("claims", List.of());
            fields.put("settings", List.of());
        } else {
            fields.put("seed", 0L);
            fields.put("withoutFault", false);
            fields.put("verdict", "inconclusive");
            fields.put("runs", List.of());
        }
        return new StoredReport(fields);
    }
}
