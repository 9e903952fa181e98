package asyncio.spi;

import asyncio.Action;
import asyncio.AsCompleted;
import asyncio.AsyncContextManager;
import asyncio.AsyncExitStack;
import asyncio.AsyncGenerator;
import asyncio.AsyncIterable;
import asyncio.Awaitable;
import asyncio.Barrier;
import asyncio.Block;
import asyncio.BoundedSemaphore;
import asyncio.Condition;
import asyncio.Context;
import asyncio.ContextVar;
import asyncio.Coroutine;
import asyncio.DoneAndPending;
import asyncio.Event;
import asyncio.EventLoop;
import asyncio.Future;
import asyncio.FutureCallGraph;
import asyncio.Lock;
import asyncio.Outcome;
import asyncio.Queue;
import asyncio.QueueStore;
import asyncio.ReturnWhen;
import asyncio.RunOptions;
import asyncio.Runner;
import asyncio.Semaphore;
import asyncio.Task;
import asyncio.TaskGroup;
import asyncio.TaskOptions;
import asyncio.Timeout;
import asyncio.ValueBlock;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind {@link asyncio.Asyncio}; found with {@link ServiceLoader}. Each method is the implementation of
 * the one of that name there, and says no more than its name.
 */
public interface AsyncioProvider {

    /**
     * The provider of this program.
     *
     * @throws IllegalStateException if there is none on the class path or module path
     */
    static AsyncioProvider get() {
        return Providers.Core.PROVIDER;
    }

    /** {@link asyncio.Asyncio#async(Callable)}. */
    <T extends @Nullable Object> Coroutine<T> coroutine(Callable<? extends T> body);

    /** {@link asyncio.Asyncio#async(Action)}. */
    Coroutine<@Nullable Void> coroutine(Action body);

    /** {@link asyncio.Asyncio#run(asyncio.ValueBlock)}. */
    <R extends @Nullable Object, E extends Exception> Coroutine<R> main(ValueBlock<R, E> body);

    /** {@link asyncio.Asyncio#run(Block)}. */
    <E extends Exception> Coroutine<@Nullable Void> main(Block<E> body);

    /**
     * Throws if {@code value} is a coroutine that was not awaited; {@code function} was given the code it comes from.
     */
    void refuseUnawaited(@Nullable Object value, String function);

    /** {@link Coroutine#yield}. */
    <S extends @Nullable Object> S yieldToDriver(@Nullable Object value);

    /** {@link asyncio.Asyncio#asyncGenerator}. */
    <T extends @Nullable Object> AsyncGenerator<T> asyncGenerator(AsyncGenerator.Body<T> body);

    /** {@link asyncio.Asyncio#asyncContextManager}, of a generator. */
    <V extends @Nullable Object> AsyncContextManager<V> asyncContextManager(AsyncGenerator<V> generator);

    /** {@link asyncio.Runner#create(RunOptions)}. */
    Runner runner(RunOptions options);

    /** {@link asyncio.Asyncio#newEventLoop()}. */
    EventLoop newEventLoop();

    /** The loop that runs the calling code, or null. */
    @Nullable
    EventLoop runningLoop();

    /**
     * What to do instead in the calling thread, where no loop runs but something of a loop is asked for: a sentence for
     * messages. Null if there is no better advice than for every thread.
     */
    default @Nullable String adviceHere() {
        return null;
    }

    /** The task that runs the calling code, or null. */
    @Nullable
    Task<?> currentTask();

    /** {@link Task#create}. */
    <T extends @Nullable Object> Task<T> newTask(EventLoop loop, Coroutine<T> coroutine, TaskOptions options);

    /** {@link asyncio.Asyncio#ensureFuture}. */
    <T extends @Nullable Object> Future<T> ensureFuture(Awaitable<T> awaitable);

    /** {@link asyncio.Asyncio#allTasks(EventLoop)}. */
    Set<Task<?>> allTasks(EventLoop loop);

    /** {@link asyncio.Asyncio#captureCallGraph(Future, int, int)}. */
    @Nullable
    FutureCallGraph captureCallGraph(@Nullable Future<?> future, int depth, int limit);

    /** {@link asyncio.Asyncio#formatTaskTree(EventLoop)}. */
    String formatTaskTree(EventLoop loop);

    /** {@link asyncio.Asyncio#copyContext()}. */
    Context copyContext();

    /** {@link Context#create()}. */
    Context newContext();

    /** {@link ContextVar#create(String)}. */
    <T extends @Nullable Object> ContextVar<T> contextVar(String name);

    /** {@link ContextVar#create(String, Object)}. */
    <T extends @Nullable Object> ContextVar<T> contextVar(String name, T defaultValue);

    /** {@link asyncio.Asyncio#sleep(Duration, Object)}. */
    <T extends @Nullable Object> Coroutine<T> sleep(Duration delay, T result);

    /** {@link asyncio.Asyncio#gather(Iterable)}. */
    <T extends @Nullable Object> Future<List<T>> gather(Iterable<? extends Awaitable<? extends T>> awaitables);

    /** {@link asyncio.Asyncio#gather(Awaitable, Awaitable)}: {@code finish} makes what is given of the results. */
    <T extends @Nullable Object, R> Future<R> gather(
            Iterable<? extends Awaitable<? extends T>> awaitables, Function<? super List<T>, ? extends R> finish);

    /** {@link asyncio.Asyncio#gatherOutcomes(Iterable)}. */
    <T extends @Nullable Object> Future<List<Outcome<T>>> gatherOutcomes(
            Iterable<? extends Awaitable<? extends T>> awaitables);

    /** {@link asyncio.Asyncio#wait(Collection, Duration, ReturnWhen)}. */
    <F extends Future<?>> Coroutine<DoneAndPending<F>> wait(
            Collection<? extends F> futures, @Nullable Duration timeout, ReturnWhen returnWhen);

    /** {@link asyncio.Asyncio#waitFor(Awaitable, Duration)}. */
    <T extends @Nullable Object> Coroutine<T> waitFor(Awaitable<? extends T> awaitable, @Nullable Duration timeout);

    /** {@link asyncio.Asyncio#asCompleted(Iterable, Duration)}. */
    <T extends @Nullable Object> AsCompleted<T> asCompleted(
            Iterable<? extends Awaitable<? extends T>> awaitables, @Nullable Duration timeout);

    /** {@link asyncio.Asyncio#shield(Awaitable)}. */
    <T extends @Nullable Object> Future<T> shield(Awaitable<T> awaitable);

    /** {@link asyncio.Asyncio#timeout(Duration)}. */
    Timeout timeout(@Nullable Duration delay);

    /** {@link asyncio.Asyncio#timeoutAt(Duration)}. */
    Timeout timeoutAt(@Nullable Duration when);

    /** {@link asyncio.Asyncio#taskGroup()}. */
    TaskGroup taskGroup();

    /** {@link asyncio.Asyncio#wrapFuture(CompletionStage)}. */
    <T extends @Nullable Object> Future<T> wrapFuture(CompletionStage<T> stage);

    /** {@link asyncio.Asyncio#wrapFuture(java.util.concurrent.Future)}. */
    <T extends @Nullable Object> Future<T> wrapBlockingFuture(java.util.concurrent.Future<T> future);

    /** {@link asyncio.Publishers#items(Flow.Publisher, int)}. */
    <T> AsyncIterable<T> items(Flow.Publisher<T> publisher, int window);

    /** {@link asyncio.Publishers#publisher}. */
    <T> Flow.Publisher<T> publisher(AsyncIterable<? extends T> items, EventLoop loop);

    /** {@link AsyncExitStack#create}. */
    AsyncExitStack asyncExitStack();

    /** {@link asyncio.Asyncio#toThread(Callable)}. */
    <T extends @Nullable Object> Coroutine<T> toThread(Callable<? extends T> call);

    /** {@link asyncio.Asyncio#runCoroutineThreadsafe}. */
    <T extends @Nullable Object> CompletableFuture<T> runCoroutineThreadsafe(Coroutine<T> coroutine, EventLoop loop);

    /** {@link Lock#create}. */
    Lock lock();

    /** {@link Event#create}. */
    Event event();

    /** {@link Condition#create(Lock)}. */
    Condition condition(Lock lock);

    /** {@link Semaphore#create(int)}. */
    Semaphore semaphore(int value);

    /** {@link BoundedSemaphore#create(int)}. */
    BoundedSemaphore boundedSemaphore(int value);

    /** {@link Barrier#create}. */
    Barrier barrier(int parties);

    /** {@link Queue#create(int)}. */
    <T extends @Nullable Object> Queue<T> queue(int maxsize);

    /** {@link Queue#lifo(int)}. */
    <T extends @Nullable Object> Queue<T> lifoQueue(int maxsize);

    /** {@link Queue#priority(Comparator, int)}. */
    <T extends @Nullable Object> Queue<T> priorityQueue(Comparator<? super T> order, int maxsize);

    /** {@link Queue#of(QueueStore, int)}. */
    <T extends @Nullable Object> Queue<T> queueOf(QueueStore<T> store, int maxsize);

    /** What stands behind readers and writers. */
    IoStreams streams();
}
