package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;

import asyncio.Awaitable;
import asyncio.Coroutine;
import asyncio.StopIteration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A ten line scheduler: coroutines that yield control are run in turn until all have ended; results and errors are
 * kept.
 */
final class HandWrittenRoundRobinScheduler extends Program {
    static final class Pause implements Awaitable<Void> {
        @Override
        public Void doAwait() {
            return Coroutine.yield(null);
        }
    }

    Coroutine<String> count(String name, int n) {
        return async(() -> {
            for (int i = 1; i <= n; i++) {
                say(name, i);
                await(new Pause());
            }
            if (n == 1) {
                throw new IllegalArgumentException(name);
            }
            return name + " counted to " + n;
        });
    }

    static Map<String, Object> runAll(Map<String, Coroutine<String>> coros) {
        var ready = new ArrayDeque<>(coros.entrySet());
        var outcomes = new LinkedHashMap<String, Object>();
        while (!ready.isEmpty()) {
            var next = ready.removeFirst();
            try {
                next.getValue().send(null);
                ready.addLast(next);
            } catch (StopIteration e) {
                outcomes.put(next.getKey(), e.value());
            } catch (IllegalArgumentException e) {
                outcomes.put(next.getKey(), e);
            }
        }
        return outcomes;
    }

    @Override
    void program() {
        var coros = new LinkedHashMap<String, Coroutine<String>>();
        coros.put("a", count("a", 2));
        coros.put("b", count("b", 3));
        coros.put("c", count("c", 1));
        var outcomes = runAll(coros);
        for (var name : List.of("a", "b", "c")) {
            say(name, "->", outcomes.get(name));
        }
    }
}
