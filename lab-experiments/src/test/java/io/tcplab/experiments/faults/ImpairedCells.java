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

    /** Answers in place of a real cell, host or load. */
    @FunctionalInterface
    interface Answers {
        Object to(Question question) throws Throwable;
    }

    /** A method that is called on what stands before a real one. */
    final class Question {
        private final Object asked;
        private final Object real;
        private final Method method;
        private final Object[] arguments;

        private Question(Object asked, Object real, Method method, Object[] arguments) {
            this.asked = asked;
            this.real = real;
            this.method = method;
            this.arguments = arguments;
        }

        /** The method's. */
        public String name() {
            return method.getName();
        }

        /** The first argument, in words. */
        public String about() {
            return String.valueOf(arguments[0]);
        }

        /** What the real one answers, or throws. A method with a default asks others in turn, of what stands before it. */
        public Object answer() throws Throwable {
            if (method.isDefault() && !isOverridden()) {
                return InvocationHandler.invokeDefault(asked, method, arguments);
            }
            try {
                return method.invoke(real, arguments);
            } catch (InvocationTargetException e) {
                throw e.getTargetException();
            }
        }

        private boolean isOverridden() throws NoSuchMethodException {
            return !real.getClass()
                    .getMethod(method.getName(), method.getParameterTypes())
                    .getDeclaringClass()
                    .isInterface();
        }
    }

    /** What stands before a real one, and answers so. */
    static <T> T before(Class<T> type, T real, Answers answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (itself, method, arguments) -> answers.to(new Question(itself, real, method, arguments))));
    }
}
