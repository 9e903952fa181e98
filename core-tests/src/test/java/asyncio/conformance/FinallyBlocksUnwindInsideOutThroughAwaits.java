package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;

/** An error raised after a suspension unwinds the awaiting coroutines inside out; a handler in the middle stops it. */
final class FinallyBlocksUnwindInsideOutThroughAwaits extends Program {
    Coroutine<Void> inner() {
        return async(() -> {
            try {
                say("inner suspends");
                await(sleep(ZERO));
                say("inner fails");
                throw new IllegalArgumentException("from inner");
            } finally {
                say("inner finally");
            }
        });
    }

    Coroutine<Void> middle() {
        return async(() -> {
            try {
                await(inner());
                say("must not print");
            } finally {
                say("middle finally");
            }
        });
    }

    Coroutine<String> outer() {
        return async(() -> {
            try {
                await(middle());
                return null;
            } catch (IllegalArgumentException e) {
                say("outer caught", e, str(e));
                return "recovered";
            } finally {
                say("outer finally");
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> say("main got", await(outer())));
    }

    @Override
    void program() {
        run(main());
    }
}
