package io.tcplab.compare.run;

import io.tcplab.compare.design.Design;
import io.tcplab.compare.statistics.Trials;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One machine's part of a comparison: whole trials, each of which runs every setting once. So every machine tries all settings equally often,
 * in an order of its own, and what a machine does to a measure it does to all settings.
 *
 * @param before how many trials are the machines' before it
 * @param design the same settings, with this machine's trials and seed
 */
public record Share(int before, Design design) {

    /** A plan's trials dealt out to so many machines, of which it has at least as many trials: as equal as can be. */
    public static List<Share> of(Plan plan, int machines) {
        SplittableRandom seeds = new SplittableRandom(plan.design().seed());
        List<Share> shares = new ArrayList<>();
        int before = 0;
        for (int machine = 0; machine < machines; machine++) {
            int trials = Trials.share(plan.trials(), machines, machine);
            shares.add(new Share(before, plan.design().withTrials(trials).withSeed(seeds.nextLong())));
            before += trials;
        }
        return shares;
    }

    /** How many trials of each setting it has. */
    public int trials() {
        return design.trials().orElseThrow();
    }
}
