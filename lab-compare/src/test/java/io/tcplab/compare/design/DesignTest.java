package io.tcplab.compare.design;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcplab.experiments.Role;
import io.tcplab.experiments.UsageException;
import io.tcplab.experiments.catalogue.Catalogue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DesignTest {
    private static final Design NOTHING = Design.of(Catalogue.byName("backlog-overflow"), 7);
    private static final Factor BACKLOG = Factors.knob("backlog=16,128");
    private static final Factor SOMAXCONN = Factors.sysctl("server:net.core.somaxconn=64,4096");

    @Test
    void everyLevelMeetsEveryOther() {
        assertThat(NOTHING.with(BACKLOG).with(SOMAXCONN).settings())
                .extracting(Setting::label)
                .containsExactly(
                        "backlog=16, server:somaxconn=64",
                        "backlog=16, server:somaxconn=4096",
                        "backlog=128, server:somaxconn=64",
                        "backlog=128, server:somaxconn=4096");
    }

    @Test
    void pairsGoSideBySide() {
        assertThat(NOTHING.with(BACKLOG)
                        .with(SOMAXCONN)
                        .with(Factors.knob("extra=2"))
                        .with(Crossing.PAIRS)
                        .settings())
                .extracting(Setting::label)
                .containsExactly("backlog=16, server:somaxconn=64", "backlog=128, server:somaxconn=4096");
    }

    @Test
    void aSettingIsAllOfItsLevelsTogether() {
        Setting last = NOTHING.with(BACKLOG)
                .with(SOMAXCONN)
                .with(Factors.knob("extra=2"))
                .with(Factors.transports(List.of("nio")))
                .settings()
                .getLast();
        assertThat(last.change().knobs()).isEqualTo(Map.of("backlog", "128", "extra", "2"));
        assertThat(last.change().sysctls().get(Role.SERVER)).isEqualTo(Map.of("net.core.somaxconn", "4096"));
        assertThat(last.change().sysctls().get(Role.CLIENT)).isEmpty();
        assertThat(last.change().transport()).isPresent();
        assertThat(last.isBaseline()).isFalse();
    }

    @Test
    void theSameTwiceHasTwoNames() {
        assertThat(NOTHING.with(Factors.knob("backlog=16,16")).settings())
                .extracting(Setting::label)
                .containsExactly("backlog=16", "backlog=16 (2)");
    }

    @Test
    void aSysctlIsKnownByWhicheverSeparators() {
        assertThat(Factors.sysctl("net/ipv4/tcp_tw_reuse=1")
                        .levels()
                        .getFirst()
                        .change()
                        .sysctls())
                .isEqualTo(Map.of(
                        Role.CLIENT, Map.of("net.ipv4.tcp_tw_reuse", "1"),
                        Role.SERVER, Map.of("net.ipv4.tcp_tw_reuse", "1")));
    }

    @Test
    void valuesWithCommasStandBetweenSemicolons() {
        assertThat(Factors.sysctl("net.ipv4.ip_local_reserved_ports=8080,9090;8080")
                        .levels())
                .extracting(Level::label)
                .containsExactly("ip_local_reserved_ports=8080,9090", "ip_local_reserved_ports=8080");
    }

    @Test
    void whatAProfileCannotSetIsTold(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("article.conf"), """
                net.ipv4.tcp_tw_reuse = 1
                net.ipv4.tcp_tw_recycle = 1
                net.ipv4.tcp_fin_timeout = 30
                """);
        Level level = Factors.profiles(List.of("client:" + file)).levels().getFirst();
        assertThat(level.label()).isEqualTo("client:article");
        assertThat(level.change().sysctls())
                .isEqualTo(Map.of(Role.CLIENT, Map.of("net.ipv4.tcp_tw_reuse", "1", "net.ipv4.tcp_fin_timeout", "30")));
        assertThat(level.notes()).singleElement().asString().contains(":2:").contains("tcp_tw_recycle is gone");
    }

    @Test
    void whatCannotBeComparedIsRefusedWithTheNextStep() {
        assertThatThrownBy(NOTHING::requireSeveral)
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("several values");
        assertThatThrownBy(() -> NOTHING.with(BACKLOG)
                        .with(Factors.knob("extra=1,2,3"))
                        .with(Crossing.PAIRS)
                        .settings())
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("backlog has 2, extra has 3");
        assertThatThrownBy(() -> NOTHING.with(Factors.knob("backlog=1,2,3,4,5,6,7,8,9"))
                        .with(Factors.knob("extra=1,2,3,4,5,6,7,8"))
                        .settings())
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("64 settings");
        assertThatThrownBy(() -> Factors.sysctl("net.ipv4.tcp_tw_reuse"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("name=v1,v2");
        assertThatThrownBy(() -> Factors.transports(List.of("epol")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("epoll");
    }
}
