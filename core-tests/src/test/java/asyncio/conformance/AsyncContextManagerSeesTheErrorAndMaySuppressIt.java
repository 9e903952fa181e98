package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.currentTask;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;

import asyncio.AsyncContextManager;
import asyncio.CancelledError;
import asyncio.Coroutine;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * __aexit__ gets the error of the body, a cancel included, and suppresses it by returning true; exits run inside out.
 */
final class AsyncContextManagerSeesTheErrorAndMaySuppressIt extends TimedProgram {
    final class Scope implements AsyncContextManager<String> {
        private final String name;
        private final Class<?> suppress;

        Scope(String name, Class<?> suppress) {
            this.name = name;
            this.suppress = suppress;
        }

        Scope(String name) {
            this(name, Void.class);
        }

        @Override
        public Coroutine<String> aenter() {
            return async(() -> {
                await(sleep(ZERO));
                say("enter", name);
                return name.toUpperCase(java.util.Locale.ROOT);
            });
        }

        @Override
        public Coroutine<Boolean> aexit(@Nullable Throwable error) {
            return async(() -> {
                await(sleep(ZERO));
                say("exit", name, "with", error);
                return suppress.isInstance(error);
            });
        }
    }

    Coroutine<Void> main() {
        return async(() -> {
            with(new Scope("outer"), a -> {
                with(new Scope("inner"), b -> {
                    say("body", a, b);
                });
            });
            with(new Scope("suppressing", IllegalArgumentException.class), () -> {
                with(new Scope("passing"), () -> {
                    throw new IllegalArgumentException("boom");
                });
            });
            say("suppressed");
            try {
                with(new Scope("only values", IllegalArgumentException.class), () -> {
                    throw new NoSuchElementException("boom");
                });
            } catch (NoSuchElementException e) {
                say("not suppressed", e);
            }
            with(new Scope("cancel", CancelledError.class), () -> {
                currentTask().cancel();
                await(sleep(ofSeconds(10)));
            });
            say("cancel suppressed, requests", currentTask().cancelling());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
