package asyncio;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What {@link Asyncio#wait} gives: which of its futures are done, and which are not. Each set is in the order in which
 * they were given, and belongs to the caller, who may change it.
 *
 * @param done those that are done, whatever their outcome
 * @param pending the others; nothing has happened to them
 * @param <F> the futures
 */
public record DoneAndPending<F extends Future<?>>(Set<F> done, Set<F> pending) {

    /** Copies, and keeps the order. */
    public DoneAndPending {
        done = new LinkedHashSet<>(done);
        pending = new LinkedHashSet<>(pending);
    }
}
