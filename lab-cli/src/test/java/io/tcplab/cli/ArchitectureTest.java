package io.tcplab.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.Predefined;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Who may know whom. Maven keeps modules from knowing those above them; the rest is kept here. */
class ArchitectureTest {
    /** Without lab-suite: it is on the class path only because it orders the tests, and isn't part of the lab. */
    static final JavaClasses LAB = new ClassFileImporter()
            .withImportOption(Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/io/tcplab/suite/"))
            .importPackages("io.tcplab");

    @Test
    void arrowsGoDownOnly() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("cli")
                .definedBy("io.tcplab.cli..")
                .layer("serve")
                .definedBy("io.tcplab.serve..")
                .layer("report")
                .definedBy("io.tcplab.report..")
                .layer("compare")
                .definedBy("io.tcplab.compare..")
                .layer("cluster")
                .definedBy("io.tcplab.cluster..")
                .layer("containers")
                .definedBy("io.tcplab.containers..")
                .layer("experiments")
                .definedBy("io.tcplab.experiments..")
                .layer("server")
                .definedBy("io.tcplab.server..")
                .layer("client")
                .definedBy("io.tcplab.client..")
                .layer("transport")
                .definedBy("io.tcplab.transport..")
                .layer("diagnose")
                .definedBy("io.tcplab.diagnose..")
                .layer("kernels")
                .definedBy("io.tcplab.kernels..")
                .layer("kernel")
                .definedBy("io.tcplab.kernel..")
                .whereLayer("serve")
                .mayOnlyAccessLayers("report", "experiments", "diagnose", "transport", "kernel")
                .whereLayer("report")
                .mayOnlyAccessLayers("cluster", "compare", "experiments", "diagnose", "client", "server", "kernel")
                .whereLayer("compare")
                .mayOnlyAccessLayers("experiments", "transport", "kernel")
                .whereLayer("cluster")
                .mayOnlyAccessLayers("containers", "experiments", "server", "client", "transport", "kernel")
                .whereLayer("containers")
                .mayOnlyAccessLayers("experiments", "server", "client", "transport", "kernel")
                .whereLayer("experiments")
                .mayOnlyAccessLayers("server", "client", "transport", "kernel")
                .whereLayer("server")
                .mayOnlyAccessLayers("transport", "kernel")
                .whereLayer("client")
                .mayOnlyAccessLayers("transport", "kernel")
                .whereLayer("transport")
                .mayOnlyAccessLayers("kernel")
                .whereLayer("diagnose")
                .mayOnlyAccessLayers("kernel")
                .whereLayer("kernels")
                .mayNotAccessAnyLayer()
                .whereLayer("kernel")
                .mayNotAccessAnyLayer()
                .check(LAB);
    }

    @Test
    void oneHiddenPackageCallsTheKernel() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.tcplab.kernel.ffm")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign..")
                .check(LAB);
        noClasses()
                .that()
                .resideOutsideOfPackage("io.tcplab.kernel..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.tcplab.kernel.ffm")
                .check(LAB);
    }

    @Test
    void librariesStayWhereTheyBelong() {
        onlyKnow("io.netty..", "io.tcplab.transport..", "io.tcplab.server..", "io.tcplab.client..", "io.tcplab.serve");
        onlyKnow(
                "io.micrometer..",
                "io.tcplab.server..",
                "io.tcplab.client..",
                "io.tcplab.experiments.cell",
                "io.tcplab.cli..");
        onlyKnow("org.HdrHistogram..", "io.tcplab.client..");
        onlyKnow("org.snakeyaml..", "io.tcplab.compare.study");
        onlyKnow("tools.jackson..", "io.tcplab.report..", "io.tcplab.serve", "io.tcplab.diagnose.sample");
        onlyKnow("picocli..", "io.tcplab.report..", "io.tcplab.cli..");
        onlyKnow("me.tongfei..", "io.tcplab.cli..");
        onlyKnow("org.testcontainers..", "io.tcplab.containers..");
        onlyKnow("com.github.dockerjava..", "io.tcplab.containers..", "io.tcplab.cluster.swarm");
        onlyKnow("io.fabric8..", "io.tcplab.cluster.kubernetes");
        onlyKnow("org.apache.commons..", "io.tcplab.compare.statistics", "io.tcplab.compare.threshold");
    }

    @Test
    void noPackagesKnowEachOther() {
        slices().matching("io.tcplab.(*)..").should().beFreeOfCycles().check(LAB);
        slices().matching("io.tcplab.diagnose.(*)..").should().beFreeOfCycles().check(LAB);
        slices().matching("io.tcplab.kernel.(*)..").should().beFreeOfCycles().check(LAB);
    }

    @Test
    void habitsAreKept() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.tcplab.cli..")
                .should(ACCESS_STANDARD_STREAMS)
                .check(LAB);
        noClasses()
                .that()
                .doNotBelongToAnyOf(Main.class)
                .should()
                .callMethod(System.class, "exit", int.class)
                .check(LAB);
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(LAB);
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.reflect..")
                .check(LAB);
        NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS.check(LAB);
        NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(LAB);
    }

    /**
     * Somebody may set the clock of the day back at any time, so nothing that decides may ask it. Those who do name a folder by it, stamp lines and
     * frames, or translate what the kernel has stamped with it.
     */
    @Test
    void hardlyAnyoneAsksWhatTimeOfDayItIs() {
        Set<String> who = LAB.stream()
                .filter(each -> each.getAccessesFromSelf().stream().anyMatch(ArchitectureTest::asksForTheTimeOfDay))
                .map(JavaClass::getName)
                .map(name -> name.replaceFirst("io\\.tcplab\\.", ""))
                .collect(Collectors.toSet());
        assertThat(who)
                .containsExactlyInAnyOrder(
                        "report.ResultsFolder", "cli.WatchView", "serve.Board", "kernel.KernelClock");
    }

    private static boolean asksForTheTimeOfDay(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        String name = access.getName();
        return (owner.startsWith("java.time.")
                        && (name.equals("now") || name.startsWith("system") || name.startsWith("tick")))
                || (owner.equals("java.lang.System") && name.equals("currentTimeMillis"))
                || (owner.equals("java.util.Date") && name.equals("<init>"))
                || (owner.equals("java.util.Calendar") && name.equals("getInstance"));
    }

    @Test
    void nullIsCheckedEverywhere() {
        Set<JavaPackage> packages = LAB.stream().map(JavaClass::getPackage).collect(Collectors.toSet());
        assertThat(packages)
                .hasSizeGreaterThan(10)
                .allSatisfy(each -> assertThat(each.isAnnotatedWith(NullMarked.class))
                        .as(each.getName())
                        .isTrue());
    }

    private static void onlyKnow(String library, String... packages) {
        noClasses()
                .that()
                .resideOutsideOfPackages(packages)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(LAB);
    }
}
