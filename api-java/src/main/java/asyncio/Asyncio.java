package asyncio;

import asyncio.spi.AsyncioProvider;
import asyncio.spi.Errors;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/**
 * asyncio's functions, to be imported statically.
 *
 * <pre>{@code
 * import static asyncio.Asyncio.*;
 *
 * static Coroutine<Void> count() {
 *     return async(() -> {
 *         System.out.println("One");
 *         await(sleep(ofSeconds(1)));
 *         System.out.println("Two");
 *     });
 * }
 *
 * public static void main(String[] args) {
 *     run(() -> await(gather(count(), count(), count())));
 * }
 * }</pre>
 *
 * <p>{@link #async}, {@link #run}, {@link #newEventLoop} and {@link #runCoroutineThreadsafe} may be called from any
 * thread; the others need a running loop and belong into coroutines or callbacks of it.
 */
public final class Asyncio {
    private Asyncio() {}

    // ---- coroutines

    /**
     * A coroutine with this body; nothing runs yet. Python: the call of an {@code async def} function.
     *
     * @param body may await; what it throws comes out of the await of the coroutine as the same object
     */
    @CheckReturnValue
    public static <T extends @Nullable Object> Coroutine<T> async(Callable<? extends T> body) {
        return AsyncioProvider.get().coroutine(notNull(body, "async", "body"));
    }

    /** {@link #async(Callable)} for a body without a value. */
    @CheckReturnValue
    public static Coroutine<@Nullable Void> async(Action body) {
        return AsyncioProvider.get().coroutine(notNull(body, "async", "body"));
    }

    /**
     * Waits for {@code awaitable}: {@link Awaitable#doAwait()}. Python: {@code await x}.
     *
     * @throws CancelledError if the waiting task, or what it waits for, was cancelled
     * @throws IllegalStateException if called outside a coroutine, or where the thread cannot be suspended
     */
    public static <T extends @Nullable Object> T await(Awaitable<T> awaitable) {
        return notNull(awaitable, "await", "awaitable").doAwait();
    }

    /**
     * {@link #await(Awaitable)} that declares a checked exception, so that it can be caught: every exception comes out
     * of an await as it is, but the compiler lets you catch a checked one only where it is declared.
     *
     * @param exception the exception to declare; the value is not looked at
     * @throws E if the awaitable ended with it
     */
    public static <T extends @Nullable Object, E extends Exception> T await(
            Awaitable<T> awaitable, Class<? extends E> exception) throws E {
        return notNull(awaitable, "await", "awaitable").doAwait();
    }

    /**
     * Waits for a result of Java's own asynchronous code. If the waiting task is cancelled, so is the stage's
     * {@link CompletionStage#toCompletableFuture() future}; {@link java.util.concurrent.CompletionException} is taken
     * off the exception, and {@link java.util.concurrent.CancellationException} becomes {@link CancelledError}.
     *
     * @throws CancelledError if the waiting task, or the stage, was cancelled
     * @throws IllegalStateException if called outside a coroutine
     */
    public static <T extends @Nullable Object> T await(CompletionStage<T> stage) {
        return wrapFuture(notNull(stage, "await", "stage")).doAwait();
    }

    /**
     * {@link #await(CompletionStage)} that declares a checked exception, so that it can be caught, as
     * {@link #await(Awaitable, Class)} does.
     *
     * @param exception the exception to declare; the value is not looked at
     * @throws E if the stage ended with it
     */
    public static <T extends @Nullable Object, E extends Exception> T await(
            CompletionStage<T> stage, Class<? extends E> exception) throws E {
        return wrapFuture(notNull(stage, "await", "stage")).doAwait();
    }

    // ---- running

    /**
     * Runs {@code main} in a new loop and gives its result. Afterwards tasks that are left are cancelled and awaited,
     * and the loop and its threads are gone. The calling thread waits meanwhile; it should call this once, as the whole
     * of its program. Python: {@code asyncio.run}.
     *
     * <p>The first Ctrl-C cancels {@code main}, so that its {@code finally} blocks run; the second ends the program at
     * once. An interrupt of the calling thread cancels {@code main} too.
     *
     * @throws IllegalStateException if a loop runs in this thread already, or if the result is a coroutine that was not
     *     awaited, and so would never run
     * @throws CancelledError if {@code main} was cancelled
     * @throws KeyboardInterrupt if it was cancelled by Ctrl-C
     */
    public static <T extends @Nullable Object> T run(Coroutine<T> main) {
        return run(main, RunOptions.NONE);
    }

    /** {@link #run(Coroutine)} in debug mode, or on another kind of loop. */
    public static <T extends @Nullable Object> T run(Coroutine<T> main, RunOptions options) {
        notNull(main, "run", "main");
        try (var runner = Runner.create(notNull(options, "run", "options"))) {
            return runner.run(main);
        }
    }

    /**
     * {@link #run(Coroutine)} of a coroutine with this body.
     *
     * @throws E what the body threw
     * @throws IllegalStateException also if the body gave a coroutine that was not awaited, and so would never run
     */
    public static <R extends @Nullable Object, E extends Exception> R run(ValueBlock<R, E> main) throws E {
        return run(AsyncioProvider.get().main(notNull(main, "run", "main")));
    }

    /**
     * {@link #run(Coroutine)} of a coroutine with this body.
     *
     * @throws E what the body threw
     */
    public static <E extends Exception> void run(Block<E> main) throws E {
        run(AsyncioProvider.get().main(notNull(main, "run", "main")));
    }

    /** A loop of one's own, to be run and closed by hand. Python: {@code asyncio.new_event_loop}. */
    public static EventLoop newEventLoop() {
        return AsyncioProvider.get().newEventLoop();
    }

    /**
     * The loop that runs the calling code. Python: {@code asyncio.get_running_loop}.
     *
     * @throws IllegalStateException if there is none
     */
    public static EventLoop getRunningLoop() {
        var provider = AsyncioProvider.get();
        var loop = provider.runningLoop();
        if (loop == null) {
            var advice = provider.adviceHere();
            throw new IllegalStateException("No running event loop: "
                    + (advice != null
                            ? advice
                            : "call this from a coroutine or from a callback of the"
                                    + " loop, for example inside Asyncio.run(() -> …)"));
        }
        return loop;
    }

    // ---- tasks

    /**
     * Makes a task of {@code coroutine}: it starts soon, behind what is queued already, and runs while others await.
     * Python: {@code asyncio.create_task}.
     *
     * @throws IllegalStateException if no loop runs here, or if the coroutine was awaited before
     */
    public static <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine) {
        return getRunningLoop().createTask(notNull(coroutine, "createTask", "coroutine"));
    }

    /** {@link #createTask(Coroutine)} with a name; null for one that is made up. */
    public static <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine, @Nullable String name) {
        return getRunningLoop().createTask(notNull(coroutine, "createTask", "coroutine"), name);
    }

    /** {@link #createTask(Coroutine)} with a name, a context, or an eager start. */
    public static <T extends @Nullable Object> Task<T> createTask(Coroutine<T> coroutine, TaskOptions options) {
        notNull(coroutine, "createTask", "coroutine");
        return getRunningLoop().createTask(coroutine, notNull(options, "createTask", "options"));
    }

    /**
     * The future of {@code awaitable}: a future is its own, a coroutine becomes a task, anything else is awaited by a
     * new task. Python: {@code asyncio.ensure_future}.
     *
     * @throws IllegalStateException if no loop runs here, or if the future belongs to another loop
     */
    public static <T extends @Nullable Object> Future<T> ensureFuture(Awaitable<T> awaitable) {
        return AsyncioProvider.get().ensureFuture(notNull(awaitable, "ensureFuture", "awaitable"));
    }

    /**
     * A task factory with which the first step of each task runs at once, inside {@code createTask}: a task that need
     * not wait for anything is done when that returns. Python: {@code asyncio.eager_task_factory}.
     */
    public static TaskFactory eagerTaskFactory() {
        return EagerTasks.FACTORY;
    }

    /**
     * {@link #eagerTaskFactory()} that has its tasks made by {@code factory}. Python:
     * {@code create_eager_task_factory}.
     */
    public static TaskFactory createEagerTaskFactory(TaskFactory factory) {
        return new EagerTasks(notNull(factory, "createEagerTaskFactory", "factory"));
    }

    /**
     * The unfinished tasks of the running loop, oldest first. Python: {@code asyncio.all_tasks}.
     *
     * @throws IllegalStateException if no loop runs here
     */
    public static Set<Task<?>> allTasks() {
        return allTasks(getRunningLoop());
    }

    /** The unfinished tasks of a loop, oldest first; to be called in that loop, or while it stands still. */
    public static Set<Task<?>> allTasks(EventLoop loop) {
        return AsyncioProvider.get().allTasks(notNull(loop, "allTasks", "loop"));
    }

    /**
     * The task that runs the calling code. Python: {@code asyncio.current_task}.
     *
     * @return the task; null in a callback, which is no part of a task. No checker of null asks for a test of it, for
     *     in a coroutine it is never null
     * @throws IllegalStateException if no loop runs here
     */
    @NullUnmarked
    public static Task<?> currentTask() {
        var task = AsyncioProvider.get().currentTask();
        if (task == null) {
            getRunningLoop();
        }
        return task;
    }

    /**
     * Waits for {@code delay} while others run; zero or less lets every other ready piece of code run once. Python:
     * {@code asyncio.sleep}.
     */
    @CheckReturnValue
    public static Coroutine<@Nullable Void> sleep(Duration delay) {
        return AsyncioProvider.get().sleep(notNull(delay, "sleep", "delay"), null);
    }

    /** {@link #sleep(Duration)} that gives {@code result}. */
    @CheckReturnValue
    public static <T extends @Nullable Object> Coroutine<T> sleep(Duration delay, T result) {
        return AsyncioProvider.get().sleep(notNull(delay, "sleep", "delay"), result);
    }

    /**
     * Runs all at once and gives their results in the order of the arguments; coroutines become tasks. The first
     * exception is the whole's, at once, while the others run on. Cancelling it cancels all of them. The same object
     * given twice runs once. Python: {@code asyncio.gather}.
     *
     * @throws IllegalStateException if no loop runs here, or if an awaitable belongs to another loop
     */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public static <T extends @Nullable Object> Future<List<T>> gather(Awaitable<? extends T>... awaitables) {
        return gather(Arrays.asList(notNull(awaitables, "gather", "awaitables")));
    }

    /**
     * {@link #gather(Awaitable[])} of two, which may be of different types.
     *
     * @return the list of the results, which also gives each of them with its own type
     */
    public static <T extends @Nullable Object, A extends T, B extends T> Future<Results.Two<T, A, B>> gather(
            Awaitable<? extends A> first, Awaitable<? extends B> second) {
        notNull(first, "gather", "first");
        notNull(second, "gather", "second");
        List<Awaitable<? extends T>> all = List.of(first, second);
        return AsyncioProvider.get().gather(all, Results.Two<T, A, B>::new);
    }

    /** {@link #gather(Awaitable, Awaitable)} of three. */
    public static <T extends @Nullable Object, A extends T, B extends T, C extends T>
            Future<Results.Three<T, A, B, C>> gather(
                    Awaitable<? extends A> first, Awaitable<? extends B> second, Awaitable<? extends C> third) {
        notNull(first, "gather", "first");
        notNull(second, "gather", "second");
        notNull(third, "gather", "third");
        List<Awaitable<? extends T>> all = List.of(first, second, third);
        return AsyncioProvider.get().gather(all, Results.Three<T, A, B, C>::new);
    }

    /** {@link #gather(Awaitable, Awaitable)} of four. */
    public static <T extends @Nullable Object, A extends T, B extends T, C extends T, D extends T>
            Future<Results.Four<T, A, B, C, D>> gather(
                    Awaitable<? extends A> first,
                    Awaitable<? extends B> second,
                    Awaitable<? extends C> third,
                    Awaitable<? extends D> fourth) {
        notNull(first, "gather", "first");
        notNull(second, "gather", "second");
        notNull(third, "gather", "third");
        notNull(fourth, "gather", "fourth");
        List<Awaitable<? extends T>> all = List.of(first, second, third, fourth);
        return AsyncioProvider.get().gather(all, Results.Four<T, A, B, C, D>::new);
    }

    /** {@link #gather(Awaitable[])} of any number. */
    public static <T extends @Nullable Object> Future<List<T>> gather(
            Iterable<? extends Awaitable<? extends T>> awaitables) {
        return AsyncioProvider.get().gather(notNull(awaitables, "gather", "awaitables"));
    }

    /**
     * {@link #gather(Awaitable[])} that waits for all and tells how each one ended. Python: {@code asyncio.gather(…,
     * return_exceptions=True)}.
     */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public static <T extends @Nullable Object> Future<List<Outcome<T>>> gatherOutcomes(
            Awaitable<? extends T>... awaitables) {
        return gatherOutcomes(Arrays.asList(notNull(awaitables, "gatherOutcomes", "awaitables")));
    }

    /** {@link #gatherOutcomes(Awaitable[])} of any number. */
    public static <T extends @Nullable Object> Future<List<Outcome<T>>> gatherOutcomes(
            Iterable<? extends Awaitable<? extends T>> awaitables) {
        return AsyncioProvider.get().gatherOutcomes(notNull(awaitables, "gatherOutcomes", "awaitables"));
    }

    // ---- waiting for some, or for some time

    /**
     * {@link #wait(Collection, Duration, ReturnWhen)} for all of them, without a limit.
     *
     * <p>Inside a class write {@code Asyncio.wait(…)}: there, the plain {@code wait(…)} is that of {@link Object}, also
     * where this one is imported.
     */
    @CheckReturnValue
    public static <F extends Future<?>> Coroutine<DoneAndPending<F>> wait(Collection<? extends F> futures) {
        return wait(futures, null, ReturnWhen.ALL_COMPLETED);
    }

    /** {@link #wait(Collection, Duration, ReturnWhen)} without a limit. */
    @CheckReturnValue
    public static <F extends Future<?>> Coroutine<DoneAndPending<F>> wait(
            Collection<? extends F> futures, ReturnWhen returnWhen) {
        return wait(futures, null, returnWhen);
    }

    /** {@link #wait(Collection, Duration, ReturnWhen)} for all of them. */
    @CheckReturnValue
    public static <F extends Future<?>> Coroutine<DoneAndPending<F>> wait(
            Collection<? extends F> futures, @Nullable Duration timeout) {
        return wait(futures, timeout, ReturnWhen.ALL_COMPLETED);
    }

    /**
     * Waits until some of {@code futures} are done, or the time is over, and tells which are. It cancels nothing, and
     * raises nothing that became of them. Python: {@code asyncio.wait}.
     *
     * @param futures tasks and futures; make a task of a coroutine with {@link #createTask}
     * @param timeout how long to wait at most; null for no limit
     * @param returnWhen what to wait for
     * @return a coroutine that raises {@link IllegalArgumentException} if there is nothing to wait for, and
     *     {@link IllegalStateException} if a future belongs to another loop
     */
    @CheckReturnValue
    public static <F extends Future<?>> Coroutine<DoneAndPending<F>> wait(
            Collection<? extends F> futures, @Nullable Duration timeout, ReturnWhen returnWhen) {
        notNull(futures, "wait", "futures");
        return AsyncioProvider.get().wait(futures, timeout, notNull(returnWhen, "wait", "returnWhen"));
    }

    /**
     * Waits for {@code awaitable}, which is cancelled when the time is over: {@link #timeout} around an await. A
     * coroutine runs in the task that awaits, as with any await. Python: {@code asyncio.wait_for}.
     *
     * <p>The end of what is cancelled is waited for, so that this may take longer than {@code timeout}. With a time of
     * zero or less a coroutine is never started, and a future gives its result only if it is done already.
     *
     * @param timeout how long to wait; null for no limit
     * @return a coroutine that raises {@link TimeoutException} when the time is over
     */
    @CheckReturnValue
    public static <T extends @Nullable Object> Coroutine<T> waitFor(
            Awaitable<? extends T> awaitable, @Nullable Duration timeout) {
        return AsyncioProvider.get().waitFor(notNull(awaitable, "waitFor", "awaitable"), timeout);
    }

    /** {@link #asCompleted(Iterable, Duration)} without a limit. */
    public static <T extends @Nullable Object> AsCompleted<T> asCompleted(
            Iterable<? extends Awaitable<? extends T>> awaitables) {
        return asCompleted(awaitables, null);
    }

    /**
     * Runs all at once and gives them in the order in which they end; coroutines become tasks, the same object given
     * twice counts once. Python: {@code asyncio.as_completed}.
     *
     * <p>There are two ways to go through it; {@link AsCompleted} shows both.
     *
     * @param timeout after what time {@link TimeoutException} is raised for those that are not done; null for no limit
     * @throws IllegalStateException if no loop runs here, or if an awaitable belongs to another loop
     */
    public static <T extends @Nullable Object> AsCompleted<T> asCompleted(
            Iterable<? extends Awaitable<? extends T>> awaitables, @Nullable Duration timeout) {
        return AsyncioProvider.get().asCompleted(notNull(awaitables, "asCompleted", "awaitables"), timeout);
    }

    /**
     * Protects {@code awaitable} from being cancelled together with whoever awaits it: cancelling the returned future
     * leaves it alone. If it is cancelled itself, so is the returned future. Once that was cancelled, an exception of
     * {@code awaitable} is reported to the loop's exception handler. The end of the program still cancels it. Python:
     * {@code asyncio.shield}.
     *
     * <pre>{@code
     * var saving = createTask(save());
     * try {
     *     await(shield(saving));
     * } catch (CancelledError e) {
     *     await(saving);
     *     throw e;
     * }
     * }</pre>
     *
     * @return a future with the same outcome; {@code awaitable} itself if that is done already
     * @throws IllegalStateException if no loop runs here, or if the awaitable belongs to another loop
     */
    public static <T extends @Nullable Object> Future<T> shield(Awaitable<T> awaitable) {
        return AsyncioProvider.get().shield(notNull(awaitable, "shield", "awaitable"));
    }

    /**
     * A limit to the time of a block: {@code with(timeout(ofSeconds(10)), () -> …)} raises {@link TimeoutException}
     * when the time is over. It runs from now, not from the entry of the block. Python: {@code asyncio.timeout}.
     *
     * @param delay how long; null for no limit, so that one can be {@linkplain Timeout#reschedule set} later
     * @throws IllegalStateException if no loop runs here
     */
    @CheckReturnValue
    public static Timeout timeout(@Nullable Duration delay) {
        return AsyncioProvider.get().timeout(delay);
    }

    /**
     * {@link #timeout} with a moment instead. Python: {@code asyncio.timeout_at}.
     *
     * <pre>{@code
     * var deadline = getRunningLoop().time().plus(ofSeconds(5));
     * with(timeoutAt(deadline), () -> {
     *     await(first());
     * });
     * with(timeoutAt(deadline), () -> {
     *     await(second());
     * });
     * }</pre>
     *
     * @param when the deadline on the clock of {@link EventLoop#time()}, which does not begin now: {@code ofSeconds(5)}
     *     is not in five seconds; null for none
     */
    @CheckReturnValue
    public static Timeout timeoutAt(@Nullable Duration when) {
        return AsyncioProvider.get().timeoutAt(when);
    }

    /**
     * A group of tasks whose block ends when all of them have: {@code with(taskGroup(), group -> …)}. Python:
     * {@code asyncio.TaskGroup()}.
     */
    @CheckReturnValue
    public static TaskGroup taskGroup() {
        return AsyncioProvider.get().taskGroup();
    }

    // ---- blocks and iteration

    /**
     * Enters {@code manager}, runs {@code block} with what that gives, and leaves it again, whatever happens. The
     * leaving hears of what the block raised, and may swallow or replace it. An exception of the block that the exit
     * replaces is one of the {@linkplain Throwable#getSuppressed() suppressed} exceptions of its successor. Python:
     * {@code async with manager as value}.
     *
     * <p>A block with a value is for {@link #using(AsyncContextManager, UsingBlock) using}.
     *
     * @throws E what the block threw, unless the exit swallowed it
     */
    public static <V extends @Nullable Object, E extends Exception> void with(
            AsyncContextManager<V> manager, WithBlock<? super V, E> block) throws E {
        notNull(block, "with", "block");
        inside(notNull(manager, "with", "manager"), value -> {
            block.run(value);
            return null;
        });
    }

    /**
     * {@link #with(AsyncContextManager, WithBlock)} for a block that has no use for what the manager gives.
     *
     * @throws E what the block threw, unless the exit swallowed it
     */
    public static <E extends Exception> void with(AsyncContextManager<?> manager, Block<E> block) throws E {
        notNull(block, "with", "block");
        inside(notNull(manager, "with", "manager"), value -> {
            block.run();
            return null;
        });
    }

    /**
     * {@link #with(AsyncContextManager, Block)} for a block that is one expression, whose value goes unused.
     *
     * @throws E what the block threw, unless the exit swallowed it
     * @throws IllegalStateException if the value is a coroutine that was not awaited, and so would never run
     */
    public static <R extends @Nullable Object, E extends Exception> void with(
            AsyncContextManager<?> manager, ValueBlock<R, E> block) throws E {
        notNull(block, "with", "block");
        inside(notNull(manager, "with", "manager"), value -> {
            AsyncioProvider.get().refuseUnawaited(block.call(), "with");
            return null;
        });
    }

    /**
     * {@link #with(AsyncContextManager, WithBlock)} for a block with a value. Python: {@code async with manager as
     * value}, with an assignment in it that is used after it.
     *
     * @return what the block returned; null if it raised and the exit swallowed that
     * @throws E what the block threw, unless the exit swallowed it
     */
    public static <V extends @Nullable Object, R extends @Nullable Object, E extends Exception> @Nullable R using(
            AsyncContextManager<V> manager, UsingBlock<? super V, R, E> block) throws E {
        notNull(block, "using", "block");
        return inside(notNull(manager, "using", "manager"), block::call);
    }

    /**
     * {@link #using(AsyncContextManager, UsingBlock)} for a block that has no use for what the manager gives.
     *
     * @throws E what the block threw, unless the exit swallowed it
     */
    public static <R extends @Nullable Object, E extends Exception> @Nullable R using(
            AsyncContextManager<?> manager, ValueBlock<R, E> block) throws E {
        notNull(block, "using", "block");
        return inside(notNull(manager, "using", "manager"), value -> block.call());
    }

    /** The one place in which blocks run. What the block throws comes out of it undeclared; its callers declare it. */
    private static <V extends @Nullable Object, R extends @Nullable Object> @Nullable R inside(
            AsyncContextManager<V> manager, UsingBlock<V, R, Exception> block) {
        V value = manager.aenter().doAwait();
        R result;
        try {
            result = block.call(value);
        } catch (Throwable error) {
            if (leave(manager, error)) {
                return null;
            }
            throw Asyncio.<RuntimeException>asItIs(error);
        }
        leave(manager, null);
        return result;
    }

    /** Leaves {@code manager}; whether {@code error} goes no further. Null swallows nothing, as None in Python. */
    private static boolean leave(AsyncContextManager<?> manager, @Nullable Throwable error) {
        try {
            Awaitable<Boolean> exit = manager.aexit(error);
            if (exit == null) {
                throw new IllegalStateException(
                        "aexit of " + manager + " returned null: it must return an awaitable, of a boolean");
            }
            return Boolean.TRUE.equals(exit.doAwait());
        } catch (Throwable raised) {
            Errors.keep(error, raised);
            throw raised;
        }
    }

    /**
     * The items of {@code items} for a {@code for} loop, each awaited when the loop comes to it. Python: {@code async
     * for}. The iterable may be gone through as often as {@code items}, in coroutines only.
     */
    public static <T extends @Nullable Object> Iterable<T> each(AsyncIterable<T> items) {
        notNull(items, "each", "items");
        return () -> new EachIterator<>(items.aiter());
    }

    private static <T> T notNull(@Nullable T value, String function, String parameter) {
        if (value == null) {
            throw new NullPointerException(function + ": " + parameter + " is null");
        }
        return value;
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E asItIs(Throwable error) throws E {
        throw (E) error;
    }

    /**
     * An async generator with this body; nothing runs yet. Python: the call of an {@code async def} function with
     * {@code yield} in it.
     */
    @CheckReturnValue
    public static <T extends @Nullable Object> AsyncGenerator<T> asyncGenerator(AsyncGenerator.Body<T> body) {
        return AsyncioProvider.get().asyncGenerator(notNull(body, "asyncGenerator", "body"));
    }

    /** The next item of {@code iterator}. Python: {@code anext(iterator)}. */
    @CheckReturnValue
    public static <T extends @Nullable Object> Awaitable<T> anext(AsyncIterator<T> iterator) {
        return notNull(iterator, "anext", "iterator").anext();
    }

    /** The next item of {@code iterator}, or {@code end} if there are no more. Python: {@code anext(iterator, end)}. */
    @CheckReturnValue
    public static <T extends @Nullable Object> Coroutine<T> anext(AsyncIterator<? extends T> iterator, T end) {
        notNull(iterator, "anext", "iterator");
        return async(() -> {
            try {
                return iterator.anext().doAwait();
            } catch (StopAsyncIteration none) {
                return end;
            }
        });
    }

    /** {@code generator} for a {@link #with}, which closes it in the end. Python: {@code contextlib.aclosing}. */
    @CheckReturnValue
    public static <T extends @Nullable Object> AsyncContextManager<AsyncGenerator<T>> aclosing(
            AsyncGenerator<T> generator) {
        return new Closing<>(notNull(generator, "aclosing", "generator"));
    }

    /**
     * A context manager whose body yields once: before the yield it enters, after it it leaves. The block gets what is
     * yielded. Python: the call of a function with {@code @contextlib.asynccontextmanager}.
     *
     * <pre>{@code
     * static AsyncContextManager<Connection> transaction() {
     *     return asyncContextManager(out -> {
     *         var connection = await(pool.acquire());
     *         try {
     *             out.yield(connection);
     *             await(connection.commit());
     *         } catch (Throwable e) {
     *             await(connection.rollback());
     *             throw e;
     *         } finally {
     *             pool.release(connection);
     *         }
     *     });
     * }
     * }</pre>
     *
     * <p>What the block raises, a {@link CancelledError} included, is raised at the yield. If the body ends without
     * throwing, the exception goes no further; if it throws another one, that comes out of the block, with the block's
     * among its {@linkplain Throwable#getSuppressed() suppressed} ones, unless it is the cause. A body that does not
     * yield, or yields again, is refused with {@link IllegalStateException}; in the second case it is closed.
     *
     * <p>The body runs in the task that enters and leaves. The manager is for one block: a second entry is refused with
     * {@link IllegalStateException}.
     *
     * @param body yields once; nothing runs before the manager is entered
     */
    @CheckReturnValue
    public static <V extends @Nullable Object> AsyncContextManager<V> asyncContextManager(AsyncGenerator.Body<V> body) {
        notNull(body, "asyncContextManager", "body");
        return AsyncioProvider.get().asyncContextManager(asyncGenerator(body));
    }

    // ---- context

    /**
     * A copy of the context that the calling code runs in; from any thread. Python: {@code contextvars.copy_context}.
     */
    public static Context copyContext() {
        return AsyncioProvider.get().copyContext();
    }

    // ---- threads and Java's own futures

    /**
     * Runs blocking code in the loop's pool of threads, when awaited. Cancelling the await does not stop a thread that
     * runs. Python: {@code asyncio.to_thread}.
     */
    @CheckReturnValue
    public static <T extends @Nullable Object> Coroutine<T> toThread(Callable<? extends T> call) {
        return AsyncioProvider.get().toThread(notNull(call, "toThread", "call"));
    }

    /** {@link #toThread(Callable)} for code without a value. */
    @CheckReturnValue
    public static Coroutine<@Nullable Void> toThread(Action action) {
        notNull(action, "toThread", "action");
        return AsyncioProvider.get().toThread(() -> {
            action.run();
            return null;
        });
    }

    /**
     * Gives a coroutine to a loop from another thread. Cancelling the returned future cancels the task; a timeout of
     * its {@code get} does not. Python: {@code asyncio.run_coroutine_threadsafe}.
     *
     * @throws IllegalStateException if the loop is closed
     */
    public static <T extends @Nullable Object> CompletableFuture<T> runCoroutineThreadsafe(
            Coroutine<T> coroutine, EventLoop loop) {
        notNull(coroutine, "runCoroutineThreadsafe", "coroutine");
        return AsyncioProvider.get().runCoroutineThreadsafe(coroutine, notNull(loop, "runCoroutineThreadsafe", "loop"));
    }

    /**
     * A future of the running loop with the result of Java's own asynchronous code. Cancelling it cancels the stage's
     * {@link CompletionStage#toCompletableFuture() future}. Python: {@code asyncio.wrap_future}.
     *
     * @throws IllegalStateException if no loop runs here
     */
    public static <T extends @Nullable Object> Future<T> wrapFuture(CompletionStage<T> stage) {
        return AsyncioProvider.get().wrapFuture(notNull(stage, "wrapFuture", "stage"));
    }

    /** {@link #wrapFuture(CompletionStage)}. */
    public static <T extends @Nullable Object> Future<T> wrapFuture(CompletableFuture<T> future) {
        return AsyncioProvider.get().wrapFuture(notNull(future, "wrapFuture", "future"));
    }

    /**
     * {@link #wrapFuture(CompletionStage)} of a future that tells nobody when it is done, such as that of
     * {@link java.util.concurrent.ExecutorService#submit}: until then a thread waits for it. Cancelling the one
     * {@linkplain java.util.concurrent.Future#cancel cancels} the other, with an interrupt.
     *
     * @throws IllegalStateException if no loop runs here
     */
    public static <T extends @Nullable Object> Future<T> wrapFuture(java.util.concurrent.Future<T> future) {
        return AsyncioProvider.get().wrapBlockingFuture(notNull(future, "wrapFuture", "future"));
    }

    // ---- looking into a running program

    /**
     * {@link #captureCallGraph(Future, int, int)} of the task that is calling.
     *
     * @return null in a callback
     */
    public static @Nullable FutureCallGraph captureCallGraph() {
        return captureCallGraph(null);
    }

    /** {@link #captureCallGraph(Future, int, int)} with all frames. */
    public static @Nullable FutureCallGraph captureCallGraph(@Nullable Future<?> future) {
        return captureCallGraph(future, 1, Integer.MAX_VALUE);
    }

    /**
     * Where a task stands, who waits for it, who waits for that, and so on. Python: {@code asyncio.capture_call_graph}.
     *
     * <p>Who waits is known of tasks that await a future, and of {@link #gather}, {@link #wait}, {@link #waitFor},
     * {@link #shield}, {@link #asCompleted} and {@link #taskGroup}. Nothing is noted down for this while a program
     * runs; it costs something only when it is asked.
     *
     * @param future whose graph; null for the task that is calling
     * @param depth which of the calling frames is the first, if it is the graph of the calling task: 1 for the caller
     *     of this, 2 for the caller's caller
     * @param limit how many frames of each stack at most: if positive the innermost ones, if negative the outermost
     *     ones, none if zero
     * @return null if no future is given in a callback
     * @throws IllegalStateException if no loop runs here, or the future belongs to another one
     */
    public static @Nullable FutureCallGraph captureCallGraph(@Nullable Future<?> future, int depth, int limit) {
        return AsyncioProvider.get().captureCallGraph(future, depth, limit);
    }

    /** {@link #formatCallGraph(Future)} of the task that is calling. */
    public static String formatCallGraph() {
        return formatCallGraph(null);
    }

    /** {@link #formatCallGraph(Future, int, int)} with all frames. */
    public static String formatCallGraph(@Nullable Future<?> future) {
        return formatCallGraph(future, 1, Integer.MAX_VALUE);
    }

    /**
     * {@link #captureCallGraph(Future, int, int)} as a text for people; empty if there is none. Python:
     * {@code asyncio.format_call_graph}.
     */
    public static String formatCallGraph(@Nullable Future<?> future, int depth, int limit) {
        var graph = captureCallGraph(future, depth, limit);
        return graph == null ? "" : CallGraphText.of(graph);
    }

    /** Prints {@link #formatCallGraph()} to {@link System#err}. */
    public static void printCallGraph() {
        printCallGraph(null, System.err);
    }

    /** Prints {@link #formatCallGraph(Future)} to {@link System#err}. */
    public static void printCallGraph(@Nullable Future<?> future) {
        printCallGraph(future, System.err);
    }

    /** Prints {@link #formatCallGraph(Future)}. Python: {@code asyncio.print_call_graph}. */
    public static void printCallGraph(@Nullable Future<?> future, PrintStream out) {
        out.println(formatCallGraph(future));
    }

    /** {@link #formatTaskTree(EventLoop)} of the loop that runs here. */
    public static String formatTaskTree() {
        return formatTaskTree(getRunningLoop());
    }

    /**
     * All unfinished tasks of a loop as a tree for people: each one with its stack, outermost frame first, and below it
     * those that it waits for. Tasks that wait for each other in a circle are shown so. To be called in that loop, or
     * while it stands still. Python: what {@code python -m asyncio pstree} prints.
     */
    public static String formatTaskTree(EventLoop loop) {
        return AsyncioProvider.get().formatTaskTree(notNull(loop, "formatTaskTree", "loop"));
    }

    /** Prints {@link #formatTaskTree()} to {@link System#err}. */
    public static void printTaskTree() {
        System.err.println(formatTaskTree());
    }
}
