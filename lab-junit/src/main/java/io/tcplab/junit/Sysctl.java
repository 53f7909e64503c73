package io.tcplab.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Sets a sysctl of the cell's hosts before the test. The machine's own are never written.
 *
 * <pre>{@code
 * @Sysctl(name = "net.ipv4.tcp_fin_timeout", value = "5", host = Role.CLIENT)
 * }</pre>
 *
 * <p>What stands on a method comes after what stands on its class. A name that this kernel doesn't have, one that
 * belongs to the whole machine, or a value that the kernel wouldn't take fails the test before it starts, and the
 * message says what it takes.
 */
@Documented
@Inherited
@Repeatable(Sysctl.All.class)
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Sysctl {
    /** With dots, as {@code sysctl} has it. */
    String name();

    /** As one would write it to the file; several numbers with spaces between. */
    String value();

    /** Which of the hosts; both if nothing is said. */
    Role[] host() default {Role.CLIENT, Role.SERVER};

    /** Several of them: what javac makes of a repeated annotation. */
    @Documented
    @Inherited
    @Retention(RetentionPolicy.RUNTIME)
    @Target({ElementType.TYPE, ElementType.METHOD})
    @interface All {
        Sysctl[] value();
    }
}
