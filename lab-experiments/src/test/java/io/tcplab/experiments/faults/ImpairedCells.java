package io.tcplab.experiments.faults;

import io.tcplab.experiments.cell.CellPlan;
import io.tcplab.experiments.cell.NamespaceSandbox;
import io.tcplab.experiments.cell.Sandbox;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;

/** Real cells of which a test takes something away, by what it answers instead of a cell's or a host's methods. */
public interface ImpairedCells extends Sandbox {
    Sandbox REAL = new NamespaceSandbox();

    @Override
    default Optional<String> unavailable() {
        return REAL.unavailable();
    }

    @Override
    default Optional<String> obstacle(CellPlan plan) {
        return REAL.obstacle(plan);
    }

    static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /** What the real one answers, or throws. */
    static Object ask(Object real, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }
}
