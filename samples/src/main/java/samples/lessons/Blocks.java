package samples.lessons;

import static asyncio.Asyncio.*;
import static java.time.Duration.ofMillis;

import asyncio.AsyncContextManager;
import asyncio.Awaitable;
import asyncio.Coroutine;
import asyncio.Lock;
import java.io.IOException;

/** What a block with a context manager does, and the same step by step. */
final class Blocks {
    private Blocks() {}

    /** Tells what is called, and suppresses an {@link IOException}. */
    private record Telling(String name) implements AsyncContextManager<String> {
        @Override
        public Awaitable<String> aenter() {
            return async(() -> {
                await(sleep(ofMillis(10)));
                System.out.println("enter " + name);
                return name;
            });
        }

        @Override
        public Awaitable<Boolean> aexit(Throwable error) {
            return async(() -> {
                await(sleep(ofMillis(10)));
                System.out.println("exit " + name + ": " + (error == null ? "no error" : error.getMessage()));
                return error instanceof IOException;
            });
        }
    }

    private static Coroutine<Void> byHand(AsyncContextManager<String> manager) {
        return async(() -> {
            var name = await(manager.aenter());
            try {
                System.out.println("body of " + name);
                throw new IOException("disk full");
            } catch (IOException e) {
                if (!await(manager.aexit(e))) {
                    throw e;
                }
            }
        });
    }

    static Coroutine<Void> lesson() {
        return async(() -> {
            with(new Telling("block"), name -> {
                System.out.println("body of " + name);
            });
            with(new Telling("failing block"), name -> {
                throw new IOException("disk full");
            });
            await(byHand(new Telling("by hand")));
            var lock = Lock.create();
            with(lock, () -> {
                System.out.println("locked: " + lock.locked());
            });
            System.out.println("locked: " + lock.locked());
        });
    }

    static void main() {
        run(lesson());
    }
}
