package asyncio.conformance;

import static asyncio.Asyncio.newEventLoop;

import asyncio.KeyboardInterrupt;

/**
 * A fatal error (SystemExit) in a callback leaves run_forever() at once; the rest of the batch runs in the next run.
 */
final class FatalErrorInCallbackLeavesTheRestQueued extends Program {
    /** KeyboardInterrupt is the fatal error there is. */
    private static final class SystemExit extends KeyboardInterrupt {
        private static final long serialVersionUID = 1L;
        final int code;

        SystemExit(int code) {
            this.code = code;
        }
    }

    void fatal() {
        say("fatal callback");
        throw new SystemExit(3);
    }

    @Override
    void program() {
        var loop = newEventLoop();
        loop.callSoon(() -> say("before"));
        loop.callSoon(this::fatal);
        loop.callSoon(() -> say("after"));
        loop.callSoon(loop::stop);
        try {
            loop.runForever();
        } catch (SystemExit e) {
            say("run_forever raised", e, e.code);
        }
        say("running", loop.isRunning(), "closed", loop.isClosed());
        loop.runForever();
        say("second run finished");
        loop.close();
    }
}
