package asyncio;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the items of a {@link Queue#of(QueueStore) queue}, in whatever order it likes. For orders that the library does
 * not have: one customer after the other, no item twice, only the latest ten.
 *
 * <p>It may drop items, when one is put or later; the queue goes by {@link #size()}. If a put does not make it grow,
 * there is one less to be {@linkplain Queue#taskDone() worked off}. An exception comes out of the {@code put} or
 * {@code get} of the queue, and must leave the store as it was. All calls come from the loop; none may await.
 *
 * @param <T> the items
 */
public interface QueueStore<T extends @Nullable Object> {
    /** Puts an item in. */
    void put(T item);

    /** Takes the next item out; called only if there is one. */
    T get();

    /** How many items there are to be taken. */
    int size();
}
