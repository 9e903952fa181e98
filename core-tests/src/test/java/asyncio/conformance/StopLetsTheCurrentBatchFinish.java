package asyncio.conformance;

import static asyncio.Asyncio.newEventLoop;

import asyncio.EventLoop;

/** stop() lets callbacks already in the batch run; what they schedule stays queued until the loop runs again. */
final class StopLetsTheCurrentBatchFinish extends Program {
    private EventLoop loop;

    void first() {
        say("first");
        loop.callSoon(() -> say("scheduled by first"));
        loop.stop();
        say("first after stop()");
    }

    void second() {
        say("second");
        loop.callSoon(() -> say("scheduled by second"));
    }

    @Override
    void program() {
        loop = newEventLoop();
        loop.callSoon(this::first);
        loop.callSoon(this::second);
        loop.runForever();
        say("stopped, running:", loop.isRunning());
        loop.callSoon(loop::stop);
        loop.runForever();
        say("stopped again");
        loop.close();
    }
}
