package asyncio;

import org.jspecify.annotations.Nullable;

/**
 * Awaitables in the order in which they end; made by {@link Asyncio#asCompleted}. Python: what
 * {@code asyncio.as_completed} returns.
 *
 * <p>There are two ways to go through it. The first gives coroutines; awaiting one gives the next result, or raises the
 * next exception. The second gives the futures themselves, each done already: the tasks and futures that were passed
 * in, so that they can be recognized, and the tasks that were made of coroutines.
 *
 * <pre>{@code
 * for (var next : asCompleted(tasks)) {
 *     var result = await(next);
 * }
 * for (var task : each(asCompleted(tasks))) {
 *     var result = task.result();
 * }
 * }</pre>
 *
 * <p>It can be gone through once: whoever begins again goes on where the last one stopped. The tasks run on if nobody
 * does. When the time is over, {@link TimeoutException} is raised instead of each outcome that is missing, and nothing
 * is cancelled.
 *
 * @param <T> the results
 */
public interface AsCompleted<T extends @Nullable Object> extends Iterable<Coroutine<T>>, AsyncIterable<Future<T>> {}
