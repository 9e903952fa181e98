package asyncio;

import asyncio.spi.AsyncioProvider;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Takes items from some tasks and gives them to others, who wait for them. Python: {@code asyncio.Queue}.
 *
 * <pre>{@code
 * Queue<String> queue = Queue.create(10);
 *
 * await(queue.put("x"));                   // the producer: waits while ten are in it
 * queue.shutdown();
 *
 * for (String item : each(queue)) {        // each consumer: until the queue is shut down and empty
 *     …
 * }
 * }</pre>
 *
 * <p>Items may be null, except where they have a natural order to be in. A getter that is cancelled takes nothing; a
 * putter that is cancelled puts nothing. Several tasks may go through the queue at the same time: each item is given to
 * one of them.
 *
 * <p>To be used in one loop only, by code that runs in it; it may be made anywhere. From other threads:
 * {@code loop.callSoonThreadsafe(() -> queue.putNowait(item))}.
 *
 * @param <T> the items
 */
public interface Queue<T extends @Nullable Object> extends AsyncIterable<T> {

    // ---- making

    /** A queue without a limit: first in, first out. */
    static <T extends @Nullable Object> Queue<T> create() {
        return create(0);
    }

    /**
     * A queue: first in, first out.
     *
     * @param maxsize how many items it holds at most; zero or less for any number
     */
    static <T extends @Nullable Object> Queue<T> create(int maxsize) {
        return AsyncioProvider.get().queue(maxsize);
    }

    /** A queue without a limit that gives the latest item first. Python: {@code asyncio.LifoQueue}. */
    static <T extends @Nullable Object> Queue<T> lifo() {
        return lifo(0);
    }

    /**
     * A queue that gives the latest item first. Python: {@code asyncio.LifoQueue}.
     *
     * @param maxsize how many items it holds at most; zero or less for any number
     */
    static <T extends @Nullable Object> Queue<T> lifo(int maxsize) {
        return AsyncioProvider.get().lifoQueue(maxsize);
    }

    /** A queue without a limit that gives the smallest item first. Python: {@code asyncio.PriorityQueue}. */
    static <T extends Comparable<? super T>> Queue<T> priority() {
        return priority(Comparator.<T>naturalOrder(), 0);
    }

    /**
     * A queue that gives the smallest item first. Python: {@code asyncio.PriorityQueue}.
     *
     * @param maxsize how many items it holds at most; zero or less for any number
     */
    static <T extends Comparable<? super T>> Queue<T> priority(int maxsize) {
        return priority(Comparator.<T>naturalOrder(), maxsize);
    }

    /** {@link #priority(Comparator, int)} without a limit. */
    static <T extends @Nullable Object> Queue<T> priority(Comparator<? super T> order) {
        return priority(order, 0);
    }

    /**
     * A queue that gives the item first which is the smallest by {@code order}; of equal ones that which was put first.
     * What {@code order} throws comes out of the put or get that asked it, and leaves the queue as it was. Python:
     * {@code asyncio.PriorityQueue}.
     *
     * @param maxsize how many items it holds at most; zero or less for any number
     */
    static <T extends @Nullable Object> Queue<T> priority(Comparator<? super T> order, int maxsize) {
        return AsyncioProvider.get().priorityQueue(order, maxsize);
    }

    /** {@link #of(QueueStore, int)} without a limit. */
    static <T extends @Nullable Object> Queue<T> of(QueueStore<T> store) {
        return of(store, 0);
    }

    /**
     * A queue that keeps its items in {@code store}, which thereby decides their order. Python: a subclass of
     * {@code asyncio.Queue} with its own {@code _put}, {@code _get} and {@code qsize}.
     *
     * @param store from now on the queue's alone
     * @param maxsize how many items it holds at most; zero or less for any number
     */
    static <T extends @Nullable Object> Queue<T> of(QueueStore<T> store, int maxsize) {
        return AsyncioProvider.get().queueOf(store, maxsize);
    }

    // ---- putting and getting

    /**
     * Waits while the queue is full, then puts {@code item} in. Where it is not full nothing else runs in between. Who
     * waits is woken in the order of coming when a place is free; it may find that taken by somebody who came just
     * then, and waits again. Python: {@code await queue.put(item)}.
     *
     * <p>The coroutine raises {@link QueueShutDownException} if the queue is shut down, or is while this waits; and
     * {@link IllegalStateException} where it would have to wait, and the queue was waited for in another loop before.
     */
    @CheckReturnValue
    Coroutine<@Nullable Void> put(T item);

    /**
     * Puts {@code item} in now. Python: {@code queue.put_nowait(item)}.
     *
     * @throws QueueFullException if the queue is full
     * @throws QueueShutDownException if it is shut down
     * @throws IllegalStateException if called from another thread than the loop's
     */
    void putNowait(T item);

    /**
     * Waits while the queue is empty, then takes the next item. Where there is one nothing else runs in between. Who
     * waits is woken in the order of coming when an item is put in; it may find that taken by somebody who came just
     * then, and waits again. Python: {@code await queue.get()}.
     *
     * <p>The coroutine raises {@link QueueShutDownException} if the queue is shut down and empty; and
     * {@link IllegalStateException} where it would have to wait, and the queue was waited for in another loop before.
     */
    @CheckReturnValue
    Coroutine<T> get();

    /**
     * Takes the next item now. Python: {@code queue.get_nowait()}.
     *
     * @throws QueueEmptyException if there is none
     * @throws QueueShutDownException if there is none, and the queue is shut down
     * @throws IllegalStateException if called from another thread than the loop's
     */
    T getNowait();

    /**
     * Goes through the items as {@link #get()} gives them, until the queue is shut down and empty. The loop waits for
     * items to come; leaving it early leaves the rest in the queue. It does not call {@link #taskDone()}.
     */
    @Override
    AsyncIterator<T> aiter();

    // ---- state

    /** How many items are in it. */
    int qsize();

    /** Whether no item is in it. */
    boolean empty();

    /** Whether {@link #maxsize()} items are in it; never if that is zero or less. */
    boolean full();

    /** How many items it holds at most, as it was given; zero or less for any number. */
    int maxsize();

    // ---- the end

    /**
     * Says that an item which was taken out has been worked off: to be called once for each, for {@link #join()}.
     * Python: {@code queue.task_done()}.
     *
     * @throws IllegalArgumentException if called more often than items were put in
     * @throws IllegalStateException if called from another thread than the loop's
     */
    void taskDone();

    /**
     * Waits until every item that was put in has been worked off: {@link #taskDone()} was called for it. Python:
     * {@code await queue.join()}.
     */
    @CheckReturnValue
    Coroutine<@Nullable Void> join();

    /** {@link #shutdown(boolean) shutdown(false)}: takes no more items, and gives those that are left. */
    void shutdown();

    /**
     * Ends the queue; it cannot be opened again. Puts raise {@link QueueShutDownException} from now on, those that wait
     * included, and so do gets once the queue is empty. Doing it twice is fine. Python:
     * {@code queue.shutdown(immediate)}.
     *
     * @param immediate whether to throw away the items that are left, as if they had been worked off
     * @throws IllegalStateException if called from another thread than the loop's
     */
    void shutdown(boolean immediate);
}
