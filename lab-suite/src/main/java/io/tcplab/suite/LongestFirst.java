package io.tcplab.suite;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.ClassDescriptor;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.ClassOrdererContext;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;

/**
 * JUnit's order of a module's classes: those that take long first, or a round would wait for one of them at its end with idle processors.
 * First those with an {@code @Order}, then those tagged {@code slow} or {@code docker}, then the others; within each by name, or
 * in the order of the seed if there is one.
 */
public final class LongestFirst implements ClassOrderer {
    static final String SEED = "junit.jupiter.execution.order.random.seed";
    private static final Set<String> LONG = Set.of("slow", "docker");

    @Override
    public void orderClasses(ClassOrdererContext context) {
        List<? extends ClassDescriptor> classes = context.getClassDescriptors();
        classes.sort(Comparator.comparing(one -> one.getTestClass().getName())); // a scan's order is the file system's
        context.getConfigurationParameter(SEED)
                .ifPresent(seed -> Collections.shuffle(classes, new java.util.Random(Long.parseLong(seed))));
        classes.sort(Comparator.comparingInt(LongestFirst::rank));
    }

    private static int rank(ClassDescriptor one) {
        boolean takesLong =
                one.findRepeatableAnnotations(Tag.class).stream().anyMatch(tag -> LONG.contains(tag.value()));
        return one.findAnnotation(Order.class).map(Order::value).orElse(takesLong ? Order.DEFAULT : Order.DEFAULT + 1);
    }
}
