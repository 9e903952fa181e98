package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.AsyncIterator;
import asyncio.Asyncio;
import asyncio.Coroutine;
import asyncio.StopAsyncIteration;
import java.util.ArrayList;

/** async for calls the iterator until it signals the end; the items may suspend, and other tasks run in between. */
final class AsyncIteratorProtocolAndLoopElse extends Program {
    final class Countdown implements AsyncIterator<Integer> {
        private int n;

        Countdown(int n) {
            this.n = n;
        }

        @Override
        public AsyncIterator<Integer> aiter() {
            say("iteration starts");
            return this;
        }

        @Override
        public Coroutine<Integer> anext() {
            return async(() -> {
                await(sleep(ZERO));
                if (n == 0) {
                    throw new StopAsyncIteration();
                }
                n -= 1;
                return n + 1;
            });
        }
    }

    Coroutine<Void> other() {
        return async(() -> {
            for (int i = 0; i < 3; i++) {
                say("other", i);
                await(sleep(ZERO));
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var task = createTask(other());
            for (int i : Asyncio.each(new Countdown(2))) {
                say("item", i);
            }
            say("exhausted");
            await(task);
            var odd = new ArrayList<Integer>();
            for (int i : Asyncio.each(new Countdown(4))) {
                if (i % 2 == 1) {
                    odd.add(i);
                }
            }
            say(odd);
        });
    }

    @Override
    void program() {
        run(main());
    }
}
