package io.tcplab.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Licences under which something may be that comes with the program, which is under Apache-2.0 itself. */
final class Licences {
    /** A name as poms have it, to the one that SPDX gives it. */
    private static final Map<Pattern, String> NAMES = Map.of(
            Pattern.compile(
                    "(The )?Apache(-| |.*\\b)2\\.0|Apache License, Version 2.*|ASL ?2.*", Pattern.CASE_INSENSITIVE),
            "Apache-2.0",
            Pattern.compile("(The )?MIT( License)?", Pattern.CASE_INSENSITIVE),
            "MIT",
            Pattern.compile("(The )?(New |Revised |3-Clause )?BSD(-3-Clause| License| 3.*)?", Pattern.CASE_INSENSITIVE),
            "BSD-3-Clause",
            Pattern.compile("BSD-2-Clause|(The )?BSD 2-Clause.*", Pattern.CASE_INSENSITIVE),
            "BSD-2-Clause",
            Pattern.compile("CC0(-1\\.0)?|Public Domain, per Creative Commons CC0", Pattern.CASE_INSENSITIVE),
            "CC0-1.0");

    /** One for both: for poms here, and for a release's bill of materials. */
    private static final Path ALLOWED = Path.of("../packaging/licences.txt");

    private Licences() {}

    /** SPDX's name; empty if it isn't among those that are allowed. */
    static Optional<String> allowed(String name) {
        return known(name).filter(licence -> lines().contains(licence));
    }

    private static List<String> lines() {
        try {
            return Files.readAllLines(ALLOWED);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<String> known(String name) {
        return NAMES.entrySet().stream()
                .filter(each -> each.getKey().matcher(name.strip()).matches())
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** Whether one may choose one that is allowed: a pom lists several where the user has the choice. */
    static boolean hasAllowed(Set<String> names) {
        return names.stream().anyMatch(name -> allowed(name).isPresent());
    }
}
