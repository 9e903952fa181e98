package asyncio;

/** What {@link Asyncio#wait} waits for. Python: {@code asyncio.ALL_COMPLETED} and its like. */
public enum ReturnWhen {
    /** That all are done. */
    ALL_COMPLETED,
    /** That one is done, whatever its outcome. */
    FIRST_COMPLETED,
    /** That one has failed, or all are done. A cancellation is no failure. */
    FIRST_EXCEPTION
}
