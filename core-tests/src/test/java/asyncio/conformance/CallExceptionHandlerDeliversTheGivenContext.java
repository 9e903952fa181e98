package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;

import asyncio.Coroutine;
import asyncio.EventLoop;
import asyncio.ExceptionContext;
import java.util.NoSuchElementException;

/**
 * A program may report to the handler itself; the handler gets the same entries; without a handler nothing is raised.
 */
final class CallExceptionHandlerDeliversTheGivenContext extends Program {
    private EventLoop running;

    void handler(EventLoop loop, ExceptionContext context) {
        say(
                loop == running,
                context.message(),
                context.exception(),
                context.details().get("detail"));
    }

    Coroutine<Void> main() {
        return async(() -> {
            running = getRunningLoop();
            running.setExceptionHandler(this::handler);
            running.callExceptionHandler(ExceptionContext.of("without exception"));
            running.callExceptionHandler(ExceptionContext.of("with exception")
                    .withException(new NoSuchElementException("k"))
                    .withDetail("detail", 42));
            running.setExceptionHandler(null);
            say("handler removed", running.getExceptionHandler());
            // The compiler refuses setExceptionHandler("not callable").
            say("refused", "TypeError");
        });
    }

    @Override
    void program() {
        run(main());
    }
}
