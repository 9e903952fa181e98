package asyncio;

/**
 * What {@link Future#addDoneCallback(DoneCallback)} calls.
 *
 * @param <F> the future that it gets
 */
@FunctionalInterface
public interface DoneCallback<F> {
    /**
     * Hears that {@code future} is done, in the loop.
     *
     * @throws Exception what is reported to the loop's exception handler
     */
    void done(F future) throws Exception;
}
