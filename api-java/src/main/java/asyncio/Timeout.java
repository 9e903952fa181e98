package asyncio;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A limit to the time that a block takes, which can be moved while the block runs. Made by {@link Asyncio#timeout} and
 * {@link Asyncio#timeoutAt}. Python: {@code asyncio.Timeout}.
 *
 * <pre>{@code
 * try {
 *     with(timeout(ofSeconds(10)), () -> {
 *         await(longRunning());
 *     });
 * } catch (TimeoutException e) {
 *     …
 * }
 * }</pre>
 *
 * <p>When the time is over, the task of the block is cancelled, once. If the block ends with that
 * {@link CancelledError}, {@link TimeoutException} comes out of it instead, with the error as its cause. A block that
 * handles the error and returns has ended normally; {@link #expired()} still tells. A block that never awaits anything
 * unfinished is not stopped. If the task was cancelled by somebody else as well, the {@link CancelledError} goes on,
 * and there is no {@link TimeoutException}.
 *
 * <p>Any other exception comes out as it is. Where it, or a member of an {@link ExceptionGroup}, has the
 * {@link CancelledError} of the expired timeout in its chain of causes, a {@link TimeoutException} is added to the
 * {@linkplain Throwable#getSuppressed() suppressed} exceptions of the one that it caused, so that the trace shows what
 * the reason was. (Java does not tell what was on its way when a {@code finally} block throws something of its own, as
 * Python does: where the cause matters, pass it on.)
 *
 * <p>It can be used for one block.
 */
public interface Timeout extends AsyncContextManager<Timeout> {

    /** The deadline on the clock of {@link EventLoop#time()}; null if there is none. Python: {@code when}. */
    @Nullable
    Duration when();

    /**
     * Moves the deadline. One that has passed ends the block at its next await. Python: {@code reschedule}.
     *
     * @param when the new deadline on the clock of {@link EventLoop#time()}; null for none
     * @throws IllegalStateException if the block has not been entered, if the time is over, or if the block has ended
     */
    void reschedule(@Nullable Duration when);

    /** Whether the time was over before the block ended. Python: {@code expired}. */
    boolean expired();
}
