package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.ContextVar;
import asyncio.Coroutine;
import asyncio.Future;

/**
 * call_soon, call_later and add_done_callback copy the context when called; changes made by callbacks are not seen by
 * others.
 */
final class CallbacksRunInTheContextOfTheirRegistration extends Program {
    private final ContextVar<String> var = ContextVar.create("var", "default");

    void callback(String name) {
        say(name, "sees", var.get());
        var.set("set by " + name);
    }

    Coroutine<Void> main() {
        return async(() -> {
            var loop = getRunningLoop();
            Future<Void> future = loop.createFuture();
            var.set("at call_later");
            loop.callLater(ZERO, () -> callback("call_later"));
            var.set("at add_done_callback");
            future.addDoneCallback(f -> callback("done callback"));
            var.set("at call_soon");
            loop.callSoon(() -> callback("call_soon"));
            var.set("at set_result");
            future.setResult(null);
            loop.callSoon(() -> callback("second call_soon"));
            for (int i = 0; i < 3; i++) {
                await(sleep(ZERO));
            }
            say("main sees", var.get());
        });
    }

    @Override
    void program() {
        run(main());
    }
}
