package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;

import asyncio.Awaitable;
import asyncio.Coroutine;
import asyncio.StopIteration;

/**
 * Without any loop: send() runs a coroutine to its next suspension, hands values both ways and ends with the result.
 */
final class CoroutineDrivenByHandWithSend extends Program {
    static final class Ask implements Awaitable<String> {
        private final String question;

        Ask(String question) {
            this.question = question;
        }

        @Override
        public String doAwait() {
            String answer = Coroutine.yield(question);
            return answer;
        }
    }

    Coroutine<String> inner(int n) {
        return async(() -> {
            say("inner asks", n);
            var answer = await(new Ask("question " + n));
            say("inner heard", answer);
            return answer;
        });
    }

    Coroutine<String> dialogue() {
        return async(() -> {
            var first = await(inner(1));
            var second = await(inner(2));
            return first + " and " + second;
        });
    }

    @Override
    void program() {
        var coro = dialogue();
        say("created, nothing ran");
        say("yielded", coro.send(null));
        say("yielded", coro.send("yes"));
        try {
            coro.send("no");
        } catch (StopIteration e) {
            say("returned", e.value());
        }
        try {
            coro.send(null);
        } catch (IllegalStateException e) {
            say("finished coroutine", e);
        }
    }
}
