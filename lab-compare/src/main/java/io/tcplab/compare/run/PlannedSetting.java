package io.tcplab.compare.run;

import io.tcplab.compare.design.Setting;
import io.tcplab.experiments.cell.Sandbox;
import io.tcplab.experiments.run.PreparedRun;

/**
 * A setting, checked and ready to run.
 *
 * @param run what each of its trials does
 * @param sandbox what provides their cells
 */
public record PlannedSetting(Setting setting, PreparedRun run, Sandbox sandbox) {}
