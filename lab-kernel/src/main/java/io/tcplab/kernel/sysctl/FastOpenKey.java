package io.tcplab.kernel.sysctl;

import io.tcplab.kernel.sysctl.Written.Taken;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One key of TCP Fast Open, or two with a comma between, as proc_tcp_fastopen_key() in net/ipv4/sysctl_net_ipv4.c reads
 * them: sscanf("%x-%x-%x-%x"), which doesn't mind what follows.
 */
record FastOpenKey() implements SysctlRange {
    private static final int HEXADECIMAL = 16;
    private static final int WORDS = 4;
    private static final String WORD = "\\s*(?:0[xX])?([0-9a-fA-F]+)";
    private static final Pattern KEY = Pattern.compile(WORD + "-" + WORD + "-" + WORD + "-" + WORD + ".*");

    @Override
    public String description() {
        return "a key, such as 0a1b2c3d-0a1b2c3d-0a1b2c3d-0a1b2c3d, or two separated by a comma";
    }

    @Override
    public Written write(String value, Optional<String> before, Standing standing) {
        String[] keys = value.split(",", 2);
        return Arrays.stream(keys).allMatch(key -> KEY.matcher(key).matches())
                ? new Taken(Arrays.stream(keys).map(FastOpenKey::shown).collect(Collectors.joining(",")))
                : refused(value, "");
    }

    private static String shown(String key) {
        Matcher matcher = KEY.matcher(key);
        StringBuilder text = new StringBuilder();
        for (int i = 1; matcher.matches() && i <= WORDS; i++) {
            text.append(i == 1 ? "" : "-")
                    .append("%08x".formatted(new BigInteger(String.valueOf(matcher.group(i)), HEXADECIMAL).intValue()));
        }
        return text.toString();
    }
}
