package asyncio;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** An {@link AsyncIterator} for Java's {@code for}: it awaits the next item when it is asked whether there is one. */
final class EachIterator<T extends @Nullable Object> implements Iterator<T> {
    private enum State {
        UNKNOWN,
        READY,
        ENDED
    }

    private final AsyncIterator<T> items;
    private State state = State.UNKNOWN;
    private @Nullable T next;

    EachIterator(AsyncIterator<T> items) {
        this.items = items;
    }

    @Override
    public boolean hasNext() {
        if (state == State.UNKNOWN) {
            try {
                next = items.anext().doAwait();
                state = State.READY;
            } catch (StopAsyncIteration end) {
                state = State.ENDED;
            }
        }
        return state == State.READY;
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        state = State.UNKNOWN;
        T item = next;
        next = null;
        return item;
    }
}
