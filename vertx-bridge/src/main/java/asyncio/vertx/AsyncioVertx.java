package asyncio.vertx;

import asyncio.Action;
import asyncio.Asyncio;
import asyncio.Awaitable;
import asyncio.Block;
import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.EventLoop;
import asyncio.RunOptions;
import asyncio.Task;
import asyncio.ValueBlock;
import asyncio.internal.vertx.ContextLoops;
import asyncio.internal.vertx.VertxFutures;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where asyncio and Vert.x meet. To be imported statically, beside {@link Asyncio}.
 *
 * <p>A context of Vert.x whose threading model is EVENT_LOOP can have a loop: it runs on the thread of the context,
 * beside everything else there, from the time it is first asked for until the verticle is undeployed. What Vert.x calls
 * on that context is then code of the loop, as a callback is: there {@link Asyncio#createTask},
 * {@link Asyncio#getRunningLoop}, {@link EventLoop#callSoon} and the like can be called. Only a coroutine can await.
 *
 * <p>{@snippet : vertx.createHttpServer().requestHandler(request -> createTask(() -> { var rows =
 * await(pool.query("select …").execute()); await(request.response().end(rows.size() + " rows")); })); }
 *
 * <p>In a body {@link Vertx#currentContext()} is the context in whose handler its task was made, a duplicate too, so
 * that Vert.x's local data of a context follows the task, and what the body asks of Vert.x comes back on that context.
 * The other way round, a {@link asyncio.ContextVar} that a handler sets is kept with the current context of Vert.x, and
 * tasks that are made there get a copy.
 */
public final class AsyncioVertx {
    private AsyncioVertx() {}

    /**
     * The loop that runs the calling code, or else that of the current context of Vert.x, which is made if it is not
     * there. To be called in a handler, in a callback or in a coroutine. Python: {@code asyncio.get_running_loop}.
     *
     * @throws IllegalStateException if there is no current context, or if that can have no loop; see
     *     {@link #loop(Context)}
     */
    public static EventLoop loop() {
        return ContextLoops.INSTANCE.here("loop");
    }

    /**
     * The loop of {@code context}, which is made if it is not there; of a duplicated context, that of the context that
     * it duplicates. From any thread. It can be neither run nor stopped by hand. It ends when the verticle is
     * undeployed, or with {@link Vertx#close()} if the context is none of a verticle: then its tasks are cancelled and
     * awaited.
     *
     * @throws IllegalStateException if the threading model is not EVENT_LOOP: code of a worker or of virtual threads
     *     runs on changing threads, and a loop needs one; or if the loop has ended with the verticle
     */
    public static EventLoop loop(Context context) {
        return ContextLoops.INSTANCE.of(notNull(context, "loop", "context"));
    }

    /**
     * Ends the loop of {@code context} now: its tasks are cancelled and awaited, async generators are closed, and the
     * default executor is shut down. No thread waits meanwhile. Nothing happens if the context has no loop. From any
     * thread. It is needed only for contexts that outlive their loop, which are none of a verticle.
     *
     * @return what is done when the loop is closed
     */
    public static Future<Void> closeLoop(Context context) {
        return ContextLoops.INSTANCE.end(notNull(context, "closeLoop", "context"));
    }

    /**
     * Makes a task of {@code body}, which may await, on the loop of the calling code ({@link #loop()}). To be called in
     * any handler on an event-loop context, also if the context has no loop yet. Python: {@code asyncio.create_task}.
     *
     * <p>A coroutine becomes a task by {@link Asyncio#createTask} once the context has a loop, or by
     * {@code loop().createTask(coroutine)}.
     *
     * @throws IllegalStateException if the current context can have no loop
     */
    public static <T extends @Nullable Object> Task<T> createTask(Callable<? extends T> body) {
        return loop().createTask(Asyncio.async(body));
    }

    /** {@link #createTask(Callable)} of a body without a result. */
    public static Task<@Nullable Void> createTask(Action body) {
        return loop().createTask(Asyncio.async(body));
    }

    /**
     * Waits for a result of Vert.x's; others run meanwhile. If it is there already, it is given at once. Python:
     * {@code await x}.
     *
     * <p>What Vert.x failed with is raised as it is. If the waiting task is cancelled, a {@link io.vertx.core.Timer} is
     * cancelled too. Vert.x cannot stop other operations: their results are abandoned, and a result that can be closed,
     * such as a socket or a connection, is closed when it comes.
     *
     * @throws CancelledError if the waiting task was cancelled
     * @throws IllegalStateException if called outside a coroutine
     */
    public static <T extends @Nullable Object> T await(Future<T> future) {
        return VertxFutures.await(notNull(future, "await", "future"));
    }

    /**
     * {@link #await(Future)} that declares a checked exception, so that it can be caught.
     *
     * @param exception the exception to declare; the value is not looked at
     * @throws E if the future failed with it
     */
    public static <T extends @Nullable Object, E extends Exception> T await(
            Future<T> future, Class<? extends E> exception) throws E {
        return VertxFutures.await(notNull(future, "await", "future"));
    }

    /**
     * A result of Vert.x's as a future of the loop, for {@link Asyncio#gather}, {@link Asyncio#waitFor} and everything
     * else that takes awaitables. Cancellation is as in {@link #await(Future)}. Python: {@code asyncio.wrap_future}.
     *
     * @throws IllegalStateException if no loop runs the calling code, and the current context can have none
     */
    public static <T extends @Nullable Object> asyncio.Future<T> wrapFuture(Future<T> future) {
        return VertxFutures.wrap("wrapFuture", notNull(future, "wrapFuture", "future"));
    }

    /**
     * {@code awaitable} as a future of Vert.x on the current context; a coroutine becomes a task. To be called in a
     * handler on an event-loop context, in a callback or in a coroutine. It fails with what the awaitable ends with, a
     * {@link CancelledError} included.
     *
     * @throws IllegalStateException if no loop runs the calling code, and the current context can have none
     */
    public static <T extends @Nullable Object> Future<T> toVertxFuture(Awaitable<T> awaitable) {
        return VertxFutures.toVertx(notNull(awaitable, "toVertxFuture", "awaitable"));
    }

    /**
     * {@link Asyncio#run(Coroutine)} on an event loop of {@code vertx}, which stays open. In the body
     * {@link Vertx#currentContext()} is a context of that event loop. Not to be called on a thread of an event loop,
     * which it would block.
     */
    public static <T extends @Nullable Object> T run(Vertx vertx, Coroutine<T> main) {
        return Asyncio.run(main, RunOptions.loopFrom(loopFactory(vertx)));
    }

    /** {@link #run(Vertx, Coroutine)} of a body. */
    public static <R extends @Nullable Object, E extends Exception> R run(Vertx vertx, ValueBlock<R, E> main) throws E {
        return VertxFutures.run(notNull(vertx, "run", "vertx"), notNull(main, "run", "main"));
    }

    /** {@link #run(Vertx, Coroutine)} of a body without a result. */
    public static <E extends Exception> void run(Vertx vertx, Block<E> main) throws E {
        VertxFutures.run(notNull(vertx, "run", "vertx"), notNull(main, "run", "main"));
    }

    /**
     * Makes loops that run on event loops of {@code vertx}, for {@link RunOptions#loopFrom} and {@link asyncio.Runner}:
     * {@code RunOptions} itself knows nothing of Vert.x, because programs can be compiled against asyncio4j without it.
     * Python: {@code loop_factory}.
     */
    public static Supplier<EventLoop> loopFactory(Vertx vertx) {
        notNull(vertx, "loopFactory", "vertx");
        return () -> ContextLoops.INSTANCE.newLoop(vertx);
    }

    private static <T> T notNull(@Nullable T value, String function, String parameter) {
        return Objects.requireNonNull(value, () -> function + ": " + parameter + " is null");
    }
}
