package io.tcplab.kernel.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.kernel.ffm.ProcFile;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsTest {
    @Test
    void fdLimitIsWhatTheShellSays() throws Exception {
        FdLimit limit = FdLimit.current();
        assertThat(limit.soft()).isEqualTo(Long.parseLong(output("sh", "-c", "ulimit -Sn")));
        assertThat(limit.hard()).isEqualTo(Long.parseLong(output("sh", "-c", "ulimit -Hn")));
        assertThat(limit.free()).isEqualTo(limit.soft() - limit.used());
    }

    @Test
    void anOpenFileIsUsed() throws IOException {
        long before = FdLimit.current().used();
        try (FileInputStream one = new FileInputStream("/dev/null");
                FileInputStream two = new FileInputStream("/dev/null")) {
            assertThat(FdLimit.current().used()).isEqualTo(before + 2);
            assertThat(List.of(one.getFD(), two.getFD())).doesNotHaveDuplicates();
        }
    }

    @Test
    void fdLimitMayBeUnlimited() {
        String limits = """
                Limit                     Soft Limit           Hard Limit           Units
                Max open files            1024                 unlimited            files
                """;
        assertThat(FdLimit.parse(limits, 2000)).isEqualTo(new FdLimit(1024, Long.MAX_VALUE, 2000));
        assertThat(FdLimit.parse(limits, 2000).free()).isZero();
    }

    @Test
    void capabilitiesByName() {
        Capabilities some = Capabilities.parse("Name:\tjava\nCapEff:\t0000000000003001\n");
        assertThat(some.names()).containsExactly("CAP_CHOWN", "CAP_NET_ADMIN", "CAP_NET_RAW");
        assertThat(some.has("CAP_NET_ADMIN")).isTrue();
        assertThat(some.has("CAP_SYS_ADMIN")).isFalse();
        assertThatThrownBy(() -> some.has("NET_ADMIN")).isInstanceOf(IllegalArgumentException.class);
        assertThat(Capabilities.parse("CapEff:\t8000000000000000\n").names()).containsExactly("CAP_63");
    }

    @Test
    void rootsCapabilitiesAreThoseThatTheKernelKnows() {
        int last =
                Integer.parseInt(ProcFile.read("/proc/sys/kernel/cap_last_cap").strip());
        Capabilities effective = Capabilities.effective();
        assertThat(effective.names()).contains("CAP_NET_ADMIN", "CAP_SYS_ADMIN").hasSizeLessThanOrEqualTo(last + 1);
        assertThat(effective.names()).noneMatch(name -> name.matches("CAP_\\d+"));
    }

    @Test
    void releasesOrderByTheirNumbers() {
        KernelRelease debian = KernelRelease.parse("6.1.0-18-amd64");
        assertThat(debian.isAtLeast(KernelRelease.parse("6.1"))).isTrue();
        assertThat(debian.isAtLeast(KernelRelease.parse("5.19.17"))).isTrue();
        assertThat(debian.isAtLeast(KernelRelease.parse("6.1.1"))).isFalse();
        assertThat(KernelRelease.parse("4.12")).isLessThan(KernelRelease.parse("4.12.1"));
        assertThat(KernelRelease.parse("4.9")).isLessThan(KernelRelease.parse("4.12"));
        assertThat(debian).hasToString("6.1.0-18-amd64");
    }

    @Test
    void theRunningReleaseIsUnames() throws Exception {
        assertThat(KernelRelease.current().text()).isEqualTo(output("uname", "-r"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "6", "six", "6.", "6.x", "6.1 2", "999999999.1"})
    void whatIsNoReleaseIsRefused(String text) {
        assertThatThrownBy(() -> KernelRelease.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void rootMayMakeUserNamespaces() {
        assertThat(UserNamespaces.obstacles()).isEmpty();
        assertThat(UserNamespaces.inside()).isFalse();
    }

    @Test
    void tellsWhatForbidsUserNamespaces(@TempDir Path proc) throws IOException {
        put(proc, "self/ns/user", "");
        put(proc, "self/status", "Name:\tjava\nSeccomp:\t2\n");
        put(proc, "sys/kernel/unprivileged_userns_clone", "0\n");
        put(proc, "sys/user/max_user_namespaces", "0\n");
        put(proc, "sys/user/max_net_namespaces", "0\n");
        put(proc, "sys/kernel/apparmor_restrict_unprivileged_userns", "1\n");
        assertThat(UserNamespaces.causes(proc, "unshare: Operation not permitted"))
                .extracting(Obstacle::reason)
                .containsExactly(
                        "kernel.unprivileged_userns_clone is 0",
                        "user.max_user_namespaces is 0",
                        "user.max_net_namespaces is 0",
                        "kernel.apparmor_restrict_unprivileged_userns is 1",
                        "this process has a seccomp filter, as in a container, which may reject unshare(2)");
        assertThat(UserNamespaces.causes(proc, ""))
                .allSatisfy(obstacle -> assertThat(obstacle.remedy()).isNotBlank());
    }

    @Test
    void passesOnWhatUnshareSaidIfNothingKnownForbidsIt(@TempDir Path proc) throws IOException {
        put(proc, "self/ns/user", "");
        put(proc, "self/status", "Seccomp:\t0\n");
        put(proc, "sys/user/max_user_namespaces", "63000\n");
        assertThat(UserNamespaces.causes(proc, "unshare: unshare failed: Invalid argument"))
                .singleElement()
                .satisfies(obstacle -> assertThat(obstacle.reason()).contains("Invalid argument"));
    }

    private static void put(Path directory, String file, String text) throws IOException {
        Path path = directory.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private static String output(String... command) throws IOException {
        Process process = new ProcessBuilder(command).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }
}
