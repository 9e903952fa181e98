package asyncio;

import asyncio.spi.AsyncioProvider;
import org.jspecify.annotations.Nullable;

/**
 * Something that tasks wait for until somebody says that it has happened. Python: {@code asyncio.Event}.
 *
 * <p>To be used in one loop only, by code that runs in it; it may be made anywhere.
 *
 * <p>Python's {@code wait} cannot have that name here: every Java object has a {@link Object#wait() wait} of its own,
 * which blocks the thread. So in this library the name says what is waited for: {@link #waitSet()},
 * {@link Condition#waitNotified()}, {@link Barrier#waitAll()}.
 */
public interface Event {

    /** An event that is not set. */
    static Event create() {
        return AsyncioProvider.get().event();
    }

    /**
     * Waits until the event is set. Where it is, nothing else runs in between. Who waits when it is set goes on, also
     * if it is cleared at once. Python: {@code await event.wait()}.
     *
     * <p>The coroutine raises {@link IllegalStateException} where it would have to wait, and the event was waited for
     * in another loop before.
     */
    @CheckReturnValue
    Coroutine<@Nullable Void> waitSet();

    /**
     * Sets it: all who wait go on in the next iteration of the loop, in the order in which they came.
     *
     * @throws IllegalStateException if called from another thread than the loop's
     */
    void set();

    /**
     * Takes it back: whoever waits from now on waits for the next {@link #set()}.
     *
     * @throws IllegalStateException if called from another thread than the loop's
     */
    void clear();

    /** Whether it is set. */
    boolean isSet();
}
