package io.tcplab.junit;

import io.tcplab.kernel.sockets.TcpState;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives each test a {@link TcpCell}: a network of two hosts of its own, which nothing outside can reach or disturb.
 *
 * <pre>{@code
 * @InCell
 * class EchoServerTest {
 *     @Test
 *     void closesWhenThePeerHasClosed(TcpCell cell) throws Exception {
 *         var server = cell.server().call(() -> EchoServer.start(8080));
 *         try (var client = new Socket(cell.server().address(), 8080)) { … }
 *         assertThat(cell.server().sockets()).onPort(8080).haveNone(CLOSE_WAIT).within(ofSeconds(5));
 *     }
 * }
 * }</pre>
 *
 * <p>The test method, and methods annotated with {@code @BeforeEach} and {@code @AfterEach}, run on a thread of the
 * client's host, so a client needs nothing special. What is to run on the server's host is started there, by {@link
 * TcpHost#call} or on threads of {@link TcpHost#threadFactory}.
 *
 * <p>After the test the kernel is asked what is left on both hosts. Sockets in a state that should have passed fail the
 * test: see {@link #mayLeave}. TIME_WAIT is normal and never does, unless {@link #mustNotLeave} says so. What the test
 * itself has closed by then, with the server that leaked it, is no longer visible: assert before closing.
 *
 * <p>Where cells can't be made, the test fails with the reason and the remedy. It is never skipped.
 *
 * <p>A cell that a {@code @BeforeAll} method takes as its parameter serves all tests of the class.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(CellExtension.class)
public @interface InCell {
    /**
     * States in which a test may leave sockets although they are among those that fail it: SYN_SENT, SYN_RECV,
     * FIN_WAIT_1, FIN_WAIT_2 that a process still holds, CLOSE_WAIT, CLOSING, LAST_ACK.
     */
    TcpState[] mayLeave() default {};

    /** States that fail the test in addition, such as ESTABLISHED or TIME_WAIT. */
    TcpState[] mustNotLeave() default {};

    /** How long sockets have after the test to leave those states, in milliseconds. Passing tests hardly wait. */
    long settleMillis() default 2_000;

    /**
     * Whether the test method and those before and after each run on the client's host. If not, they run where JUnit
     * runs them, on this machine's own network.
     */
    boolean bodyOnClient() default true;
}
