package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;

import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.Future;
import asyncio.InvalidStateException;
import java.util.LinkedHashMap;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/**
 * A future is pending until one outcome is set; result access before and a second outcome after are InvalidStateError.
 */
final class FutureStatesAndInvalidTransitions extends Program {
    void attempt(String label, Callable<?> fn) throws Exception {
        try {
            say(label, fn.call());
        } catch (InvalidStateException | CancelledError | IllegalArgumentException e) {
            say(label, "raised", e);
        }
    }

    void state(Future<?> f) {
        say("done", f.done(), "cancelled", f.cancelled());
    }

    Callable<?> none(Runnable call) {
        return Executors.callable(call, null);
    }

    Coroutine<Void> main() {
        return async(() -> {
            var loop = getRunningLoop();
            Future<String> ok = loop.createFuture();
            Future<String> failed = loop.createFuture();
            Future<String> cancelled = loop.createFuture();
            state(ok);
            attempt("pending result", ok::result);
            attempt("pending exception", ok::exception);
            ok.setResult("value");
            failed.setException(new IllegalArgumentException("boom"));
            say("cancel pending", cancelled.cancel());
            var all = new LinkedHashMap<String, Future<String>>();
            all.put("ok", ok);
            all.put("failed", failed);
            all.put("cancelled", cancelled);
            for (var entry : all.entrySet()) {
                var f = entry.getValue();
                say("--", entry.getKey());
                state(f);
                attempt("result", f::result);
                attempt("exception", f::exception);
                attempt("set_result", none(() -> f.setResult("other")));
                attempt("set_exception", none(() -> f.setException(new NoSuchElementException("other"))));
                attempt("cancel", f::cancel);
            }
        });
    }

    @Override
    void program() {
        run(main());
    }
}
