package asyncio;

/**
 * Hears of errors that no code of yours can see: a callback that threw, a failed task that nobody asked.
 *
 * @see EventLoop#setExceptionHandler
 */
@FunctionalInterface
public interface ExceptionHandler {
    /** Takes one report, in the loop. */
    void handle(EventLoop loop, ExceptionContext context);
}
