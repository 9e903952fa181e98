package asyncio;

/**
 * What {@link Future#addDoneCallback(DoneCallback)} calls.
 *
 * @param <F> the future that it gets
 */
@FunctionalInterface
public interface DoneCallback<F> {
    /**
     * Runs in the loop, after {@code future} is done.
     *
     * @throws Exception what is reported to the loop's exception handler
     */
    void done(F future) throws Exception;
}
