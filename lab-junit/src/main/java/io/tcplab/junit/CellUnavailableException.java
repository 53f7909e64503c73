package io.tcplab.junit;

import io.tcplab.kernel.KernelException;
import io.tcplab.kernel.limits.Obstacle;
import io.tcplab.kernel.limits.UserNamespaces;
import java.util.List;

/** No cell can be made here; the message says why, and what to do about it. */
public final class CellUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CellUnavailableException(KernelException cause) {
        super(message(cause), cause);
    }

    private static String message(KernelException cause) {
        return switch (cause.errno()) {
            case EPERM, EACCES ->
                "%s: %s (%s)%n%s"
                        .formatted(
                                cause.operation(), cause.errno(), cause.errno().description(), remedy());
            default -> String.valueOf(cause.getMessage());
        };
    }

    private static String remedy() {
        List<Obstacle> obstacles = UserNamespaces.obstacles();
        StringBuilder text = new StringBuilder("""
                A test's cell is made of network namespaces. Run the tests as root, or, without root, in a user namespace:
                    unshare --user --map-root-user mvn verify""");
        for (Obstacle obstacle : obstacles) {
            text.append("%nThat isn't possible here yet: %s; fix: %s".formatted(obstacle.reason(), obstacle.remedy()));
        }
        return text.toString();
    }
}
