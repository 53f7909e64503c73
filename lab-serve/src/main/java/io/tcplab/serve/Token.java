package io.tcplab.serve;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The secret in the page's URL: who doesn't have it gets nothing.
 *
 * @param text 128 random bits in hexadecimal
 */
record Token(String text) {
    private static final int BYTES = 16;

    /** A new one. */
    static Token random() {
        byte[] bits = new byte[BYTES];
        new SecureRandom().nextBytes(bits);
        return new Token(HexFormat.of().formatHex(bits));
    }

    /** Takes as long for a near miss as for any other, so that nobody can guess it digit by digit. */
    boolean matches(String offered) {
        return MessageDigest.isEqual(text.getBytes(StandardCharsets.UTF_8), offered.getBytes(StandardCharsets.UTF_8));
    }

    /** Nothing that is printed by accident may show it. */
    @Override
    public String toString() {
        return "Token[…]";
    }
}
