package io.tcplab.containers.agent;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Things of one kind, by the numbers under which the lab knows them. */
final class Handles<T> {
    private final String kind;
    private final AtomicInteger last = new AtomicInteger();
    private final Map<Integer, T> things = new ConcurrentHashMap<>();

    Handles(String kind) {
        this.kind = kind;
    }

    int add(T thing) {
        int handle = last.incrementAndGet();
        things.put(handle, thing);
        return handle;
    }

    T get(int handle) {
        T thing = things.get(handle);
        if (thing == null) {
            throw new IllegalArgumentException("there is no " + kind + " " + handle);
        }
        return thing;
    }
}
