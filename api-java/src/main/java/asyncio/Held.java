package asyncio;

/**
 * Something that was acquired, and is released by {@link #close()}: for try-with-resources. Given by
 * {@link Lock#hold()}, {@link Condition#hold()} and {@link Semaphore#hold()}.
 *
 * <pre>{@code
 * try (var held = await(lock.hold())) {
 *     …
 * }
 * }</pre>
 */
public interface Held extends AutoCloseable {

    /**
     * Releases what is held; does nothing the second time. Like every release it belongs into code of the loop, and
     * never waits.
     */
    @Override
    void close();
}
