package asyncio;

/**
 * Hears of errors that no code of yours can see: a callback that threw, a failed task that nobody asked.
 *
 * @see EventLoop#setExceptionHandler
 */
@FunctionalInterface
public interface ExceptionHandler {
    /**
     * Takes one report, in the loop.
     *
     * @throws Exception what is logged, together with the report
     */
    void handle(EventLoop loop, ExceptionContext context) throws Exception;
}
