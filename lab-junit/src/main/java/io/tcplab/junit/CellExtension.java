package io.tcplab.junit;

import io.tcplab.kernel.sysctl.Sysctls;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** What {@link InCell} does. The cell is kept where it was first asked for: for a test, or for its class. */
final class CellExtension implements BeforeEachCallback, AfterEachCallback, ParameterResolver, InvocationInterceptor {
    private static final ExtensionContext.Namespace OURS = ExtensionContext.Namespace.create(CellExtension.class);

    @Override
    public void beforeEach(ExtensionContext context) {
        cell(context);
    }

    @Override
    public void afterEach(ExtensionContext context) throws InterruptedException {
        Leftovers.of(annotation(context)).requireNone(cell(context));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TcpCell.class;
    }

    @Override
    public TcpCell resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return cell(context);
    }

    /** A cell that a test's constructor takes is the test's, not the class's. */
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public void interceptTestMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        inside(invocation, context);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        inside(invocation, context);
    }

    @Override
    public void interceptBeforeEachMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        inside(invocation, context);
    }

    @Override
    public void interceptAfterEachMethod(
            Invocation<@Nullable Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        inside(invocation, context);
    }

    private static void inside(Invocation<@Nullable Void> invocation, ExtensionContext context) throws Throwable {
        if (annotation(context).bodyOnClient()) {
            cell(context).client().call(() -> outcome(invocation)).rethrow();
        } else {
            outcome(invocation).rethrow();
        }
    }

    /** What the body threw, if anything; carried out of the client's thread as it is. */
    private record Outcome(Optional<Throwable> failure) {
        void rethrow() throws Throwable {
            if (failure.isPresent()) {
                throw failure.get();
            }
        }
    }

    private static Outcome outcome(Invocation<@Nullable Void> invocation) {
        try {
            invocation.proceed();
            TimedAssert.requireNoneUnfinished();
            return new Outcome(Optional.empty());
        } catch (Throwable e) {
            return new Outcome(Optional.of(e));
        }
    }

    private static TcpCell cell(ExtensionContext context) {
        // A lookup asks the stores of the contexts around, too: there a @BeforeAll method's cell is.
        return context.getStore(OURS).computeIfAbsent(TcpCell.class, key -> open(context), TcpCell.class);
    }

    private static TcpCell open(ExtensionContext context) {
        List<Sysctl> sysctls = sysctls(context);
        List<String> problems = sysctls.stream()
                .flatMap(sysctl -> Sysctls.problem(sysctl.name(), sysctl.value()).stream())
                .distinct()
                .toList();
        if (!problems.isEmpty()) {
            throw new ExtensionConfigurationException(
                    "@Sysctl of " + context.getDisplayName() + ": " + String.join("; ", problems));
        }
        TcpCell cell = TcpCell.open();
        try {
            sysctls.forEach(sysctl -> set(cell, sysctl));
            return cell;
        } catch (RuntimeException e) {
            cell.close();
            throw e;
        }
    }

    private static void set(TcpCell cell, Sysctl sysctl) {
        for (Role role : sysctl.host()) {
            cell.host(role).sysctl(sysctl.name(), sysctl.value());
        }
    }

    /** The class's, those around it first, then the method's: the later one wins. */
    private static List<Sysctl> sysctls(ExtensionContext context) {
        Stream<Sysctl> ofClasses = Stream.concat(
                        context.getEnclosingTestClasses().stream(), context.getTestClass().stream())
                .flatMap(type -> AnnotationSupport.findRepeatableAnnotations(type, Sysctl.class).stream());
        Stream<Sysctl> ofMethod = context.getTestMethod().stream()
                .flatMap(method -> AnnotationSupport.findRepeatableAnnotations(method, Sysctl.class).stream());
        return Stream.concat(ofClasses, ofMethod).toList();
    }

    private static InCell annotation(ExtensionContext context) {
        return context.getTestMethod()
                .flatMap(method -> AnnotationSupport.findAnnotation(method, InCell.class))
                .or(() -> context.getTestClass()
                        .flatMap(type -> AnnotationSupport.findAnnotation(
                                type, InCell.class, context.getEnclosingTestClasses())))
                .orElseThrow(() -> new ExtensionConfigurationException(
                        "CellExtension is registered by @InCell, and there is none on " + context.getDisplayName()));
    }
}
