package io.tcplab.junit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What users get with lab-junit, and what they don't. */
class ArchitectureTest {
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.tcplab.junit");

    @Test
    void knowsTheKernelAndTheDiagnosisOnly() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "io.tcplab.junit..",
                        "io.tcplab.kernel..",
                        "io.tcplab.diagnose..",
                        "org.junit..",
                        "org.opentest4j..",
                        "org.apiguardian..",
                        "org.assertj..",
                        "org.jspecify..",
                        "org.testcontainers..",
                        "com.github.dockerjava..")
                .check(OURS);
    }

    /** Testcontainers is optional: the rest has to load without it. */
    @Test
    void onlyWhatIsForContainersKnowsTestcontainers() {
        noClasses()
                .that()
                .doNotHaveSimpleName("ContainerSockets")
                .and()
                .doNotHaveSimpleName("SideCar")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.testcontainers..", "com.github.dockerjava..")
                .check(OURS);
    }
}
