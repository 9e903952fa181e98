package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.Coroutine;
import asyncio.EventLoop;
import asyncio.ExceptionContext;
import asyncio.ExceptionHandler;
import asyncio.Future;

/** An error in a callback is passed to the loop's exception handler; the rest of the batch and the loop go on. */
final class CallbackErrorGoesToTheExceptionHandler extends Program {
    void handler(EventLoop loop, ExceptionContext context) {
        say(
                "handler:",
                context.exception(),
                str(context.exception()),
                "-",
                context.message().startsWith("Exception in callback"));
    }

    void bad(String text) {
        throw new IllegalArgumentException(text);
    }

    Coroutine<Void> main() {
        return async(() -> {
            var loop = getRunningLoop();
            ExceptionHandler handler = this::handler;
            say("default handler", loop.getExceptionHandler());
            loop.setExceptionHandler(handler);
            say("own handler installed", loop.getExceptionHandler() == handler);
            loop.callSoon(() -> bad("in call_soon"));
            loop.callSoon(() -> say("next callback of the batch"));
            loop.callLater(ZERO, () -> bad("in a timer"));
            Future<String> future = loop.createFuture();
            future.addDoneCallback(f -> bad("in a done callback"));
            future.addDoneCallback(f -> say("next done callback"));
            future.setResult("value");
            await(sleep(ZERO));
            await(sleep(ZERO));
            say("main goes on; future has", future.result());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
