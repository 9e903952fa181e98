package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.newEventLoop;
import static java.time.Duration.ofMillis;

import asyncio.Action;
import asyncio.Coroutine;

/** After close() every way of scheduling fails; close() may be repeated; a loop cannot be closed while it runs. */
final class ClosedLoopRefusesWork extends Program {
    Coroutine<Void> work() {
        return async(() -> say("must not run"));
    }

    void attempt(String label, Action fn) {
        try {
            fn.run();
            say(label, "ok");
        } catch (Exception e) {
            say(label, "refused", e);
        }
    }

    @Override
    void program() {
        var loop = newEventLoop();
        loop.callSoon(() -> attempt("close while running", loop::close));
        loop.callSoon(loop::stop);
        loop.runForever();
        attempt("close", loop::close);
        attempt("close again", loop::close);
        attempt("call_soon", () -> loop.callSoon(() -> say("never")));
        attempt("call_later", () -> loop.callLater(ofMillis(10), () -> say("never")));
        attempt("call_soon_threadsafe", () -> loop.callSoonThreadsafe(() -> say("never")));
        attempt("run_forever", loop::runForever);
        var coro = work();
        attempt("run_until_complete", () -> loop.runUntilComplete(coro));
        coro.close();
        say("closed", loop.isClosed());
    }
}
