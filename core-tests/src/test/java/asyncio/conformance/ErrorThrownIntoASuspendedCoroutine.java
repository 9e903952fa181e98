package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;

import asyncio.Awaitable;
import asyncio.Coroutine;
import asyncio.StopIteration;
import java.util.NoSuchElementException;

/** throw() raises at the point of suspension: the coroutine may handle it and go on, let it out, or return a value. */
final class ErrorThrownIntoASuspendedCoroutine extends Program {
    static final class Pause implements Awaitable<Void> {
        @Override
        public Void doAwait() {
            return Coroutine.yield("paused");
        }
    }

    Coroutine<Void> worker() {
        return async(() -> {
            try {
                await(new Pause());
            } catch (IllegalArgumentException e) {
                say("worker caught", e, str(e));
            }
            try {
                await(new Pause());
            } finally {
                say("worker finally");
            }
        });
    }

    Coroutine<String> returning() {
        return async(() -> {
            try {
                await(new Pause());
            } catch (IllegalArgumentException e) {
                return "value returned from the handler";
            }
            return null;
        });
    }

    @Override
    void program() {
        var coro = worker();
        say(coro.send(null));
        say(coro.raise(new IllegalArgumentException("first")));
        try {
            coro.raise(new NoSuchElementException("second"));
        } catch (NoSuchElementException e) {
            say("came back out", e);
        }

        var other = returning();
        other.send(null);
        try {
            other.raise(new IllegalArgumentException());
        } catch (StopIteration e) {
            say(e.value());
        }
    }
}
