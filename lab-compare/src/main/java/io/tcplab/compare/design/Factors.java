package io.tcplab.compare.design;

import io.tcplab.experiments.Role;
import io.tcplab.experiments.UsageException;
import io.tcplab.kernel.sysctl.SysctlCatalogue;
import io.tcplab.kernel.sysctl.SysctlFile;
import io.tcplab.kernel.sysctl.SysctlKnob;
import io.tcplab.kernel.sysctl.Sysctls;
import io.tcplab.transport.Transport;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Factors from what a user writes. Values stand between commas; where a value has commas of its own, between semicolons.
 * All methods throw {@link UsageException} saying what is wrong and what would be right.
 */
public final class Factors {
    private Factors() {}

    /** {@code [client:|server:]net.ipv4.tcp_tw_reuse=0,1,2}. */
    public static Factor sysctl(String text) {
        int equals =
                equalsOf("--sysctl", text, "[client:|server:]name=v1,v2, such as client:net.ipv4.tcp_tw_reuse=0,1,2");
        return sysctl(text.substring(0, equals).strip(), values(text.substring(equals + 1)));
    }

    /** A sysctl with its values; the name may begin with the host that it is for. */
    public static Factor sysctl(String name, List<String> values) {
        Addressed sysctl = Addressed.sysctl(name);
        values.forEach(value -> Sysctls.problem(sysctl.rest(), value).ifPresent(problem -> {
            throw new UsageException(problem);
        }));
        String host = sysctl.roles().size() == 1 ? sysctl.roles().getFirst().label() + ":" : "";
        return new Factor(
                name,
                values.stream()
                        .map(value -> new Level(
                                host + shortened(sysctl.rest()) + "=" + value,
                                Change.sysctls(sysctl.forEach(Map.of(sysctl.rest(), value)))))
                        .toList());
    }

    /** {@code backlog=16,128}. */
    public static Factor knob(String text) {
        int equals = equalsOf("--set", text, "knob=v1,v2, such as backlog=16,128");
        return knob(text.substring(0, equals).strip(), values(text.substring(equals + 1)));
    }

    /** A knob with its values. */
    public static Factor knob(String name, List<String> values) {
        return new Factor(
                name,
                values.stream()
                        .map(value -> new Level(name + "=" + value, Change.knob(name, value)))
                        .toList());
    }

    /**
     * Files in the syntax of sysctl.conf. What this kernel doesn't take is in the level's notes.
     *
     * @param files each {@code [client:|server:]FILE}
     */
    public static Factor profiles(List<String> files) {
        return new Factor("profile", files.stream().map(Factors::profile).toList());
    }

    /** Netty's transports, by name. */
    public static Factor transports(List<String> names) {
        return new Factor("transport", names.stream().map(Factors::transport).toList());
    }

    /** Sandboxes, by name. */
    public static Factor sandboxes(List<String> names) {
        return new Factor(
                "sandbox",
                names.stream()
                        .map(name -> new Level("sandbox=" + name, Change.sandbox(name)))
                        .toList());
    }

    /** Kernels, as the user named them. Each takes samples of its own, so a level changes nothing. */
    public static Factor kernels(List<String> names) {
        return new Factor(
                "kernel",
                names.stream()
                        .map(name -> new Level("kernel=" + name, Change.none()))
                        .toList());
    }

    /** What stands between commas, or, if there is one, between semicolons. */
    public static List<String> values(String text) {
        return Arrays.stream(text.split(text.indexOf(';') >= 0 ? ";" : ",", -1))
                .map(String::strip)
                .toList();
    }

    private static Level profile(String argument) {
        Addressed file = Addressed.parse(argument);
        Path path = Path.of(file.rest());
        try {
            SysctlFile parsed = SysctlFile.parse(path);
            return new Level(
                    argument.replaceFirst("[^:]*/", "").replaceFirst("\\.conf$", ""),
                    Change.sysctls(file.forEach(parsed.values())),
                    parsed.told(path.toString()));
        } catch (IllegalArgumentException e) {
            throw UsageException.from(e);
        } catch (NoSuchFileException e) {
            throw new UsageException("--profile: can't read " + path + ": no such file", e);
        } catch (IOException e) {
            throw new UsageException("--profile: can't read " + path + ": " + e.getMessage(), e);
        }
    }

    private static Level transport(String name) {
        try {
            Transport transport = Transport.parse(name);
            return new Level("transport=" + transport.label(), Change.transport(transport));
        } catch (IllegalArgumentException e) {
            throw UsageException.from(e);
        }
    }

    private static int equalsOf(String option, String text, String expected) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw new UsageException(option + " " + text + ": expected " + expected);
        }
        return equals;
    }

    /** As everybody calls it. */
    private static String shortened(String sysctl) {
        return sysctl.replaceFirst("^net\\.(ipv4|core)\\.", "");
    }

    /** A name or a file, and the hosts that it is for: both, unless its prefix names one. */
    private record Addressed(List<Role> roles, String rest) {
        static Addressed parse(String text) {
            for (Role role : Role.values()) {
                String prefix = role.label() + ":";
                if (text.startsWith(prefix)) {
                    return new Addressed(List.of(role), text.substring(prefix.length()));
                }
            }
            return new Addressed(List.of(Role.values()), text);
        }

        /** Under the name that experiments give it, so that it wins over theirs. */
        static Addressed sysctl(String text) {
            Addressed typed = parse(text);
            try {
                return new Addressed(
                        typed.roles(),
                        SysctlCatalogue.find(typed.rest()).map(SysctlKnob::name).orElse(typed.rest()));
            } catch (IllegalArgumentException e) {
                throw UsageException.from(e);
            }
        }

        Map<Role, Map<String, String>> forEach(Map<String, String> sysctls) {
            Map<Role, Map<String, String>> byHost = new EnumMap<>(Role.class);
            roles.forEach(role -> byHost.put(role, sysctls));
            return byHost;
        }
    }
}
