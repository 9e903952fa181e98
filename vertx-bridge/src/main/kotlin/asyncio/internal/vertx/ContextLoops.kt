package asyncio.internal.vertx

import asyncio.EventLoop
import asyncio.internal.run.AttachedLoop
import asyncio.internal.run.EventLoopImpl
import asyncio.spi.AsyncioProvider
import io.vertx.core.Closeable
import io.vertx.core.Context
import io.vertx.core.Future
import io.vertx.core.ThreadingModel
import io.vertx.core.Vertx
import io.vertx.core.internal.ContextInternal
import io.vertx.core.internal.VertxInternal

/** The loops of contexts that users of Vert.x have: one for each, made when it is first asked for, and kept in the context's data. */
public object ContextLoops {
    private const val KEY = "asyncio.loop"

    /**
     * The loop of [context]; of a duplicate, that of the context that it duplicates. From any thread.
     *
     * @throws IllegalStateException if it can have none, or none any more
     */
    public fun of(context: Context): EventLoopImpl {
        val root = rootOf(context)
        existing(root)?.let { return it }
        checkMayHaveLoop(root)
        return root.contextData().computeIfAbsent(KEY) { attach(root) } as EventLoopImpl
    }

    /** The loop of the calling code: the one that runs it, or else that of the current context. */
    public fun here(what: String): EventLoopImpl {
        // The most frequent caller is a handler, whose context knows the loop.
        ContextInternal.current()?.let(::existing)?.let { if (it.isBetweenIterations()) return it }
        val running = AsyncioProvider.get().runningLoop()
        if (running != null) return running as EventLoopImpl
        val context =
            checkNotNull(Vertx.currentContext()) {
                "$what: this thread (${Thread.currentThread().name}) has no context of Vert.x. Call it in a handler;" +
                    " from elsewhere use runCoroutineThreadsafe(coroutine, AsyncioVertx.loop(context))"
            }
        return of(context)
    }

    internal fun existing(context: ContextInternal): EventLoopImpl? =
        context.unwrap().contextData()[KEY] as EventLoopImpl?

    /** Ends the loop of [context]: cancels its tasks, waits for them, closes it; nothing if there is none. From any thread. */
    public fun end(context: Context): Future<Void> {
        val root = rootOf(context)
        val loop = existing(root) as? AttachedLoop ?: return root.succeededFuture()
        return ended(root, loop)
    }

    private fun ended(
        root: ContextInternal,
        loop: AttachedLoop,
    ): Future<Void> {
        val promise = root.promise<Void>()
        // Behind the next select, no address of the loop's sockets is in use.
        loop.end().whenComplete { _, error -> root.nettyEventLoop().afterNextSelect { promise.complete(null, error) } }
        return promise.future()
    }

    private fun attach(root: ContextInternal): AttachedLoop {
        val hooks = root.closeFuture()
        check(!hooks.isClosed) { ENDED }
        lateinit var hook: Closeable
        val host =
            VertxHost(root, ContextVariables(root)) {
                hooks.remove(hook)
                root.contextData().remove(KEY)
            }
        val loop = AttachedLoop(host, ADVICE, root::reportException)
        hook = Closeable { closed -> ended(root, loop).onComplete(closed) }
        check(hooks.add(hook)) { ENDED }
        loop.begin()
        return loop
    }

    /** A host for a loop of its own on an event loop of [vertx], for `run`. */
    public fun newHost(vertx: Vertx): VertxHost {
        val context = (vertx as VertxInternal).createEventLoopContext()
        return VertxHost(context, ContextVariables(context)) { context.contextData().remove(KEY) }
    }

    /** A loop of its own on an event loop of [vertx]. */
    public fun newLoop(vertx: Vertx): EventLoop {
        val host = newHost(vertx)
        return EventLoopImpl(host).also { host.context.contextData()[KEY] = it }
    }

    private fun rootOf(context: Context) = (context as ContextInternal).unwrap()

    private fun checkMayHaveLoop(root: ContextInternal) {
        val instead =
            when (root.threadingModel()) {
                ThreadingModel.EVENT_LOOP -> return
                ThreadingModel.WORKER -> "runs its code on worker threads, on another one each time"
                ThreadingModel.VIRTUAL_THREAD -> "runs its code on virtual threads, a new one each time"
                else -> "runs its code on threads that do not belong to Vert.x"
            }
        throw IllegalStateException(
            "A context with the threading model ${root.threadingModel()} can have no event loop of asyncio's:" +
                " it $instead, and a loop needs one thread that never blocks. Deploy with ThreadingModel.EVENT_LOOP," +
                " where coroutines may wait and toThread(…) takes blocking code; or call run(…) here, which may block this thread",
        )
    }

    private const val ADVICE =
        "It belongs to a Vert.x context, and ends when the verticle is undeployed, when Vertx.close() is called," +
            " or with AsyncioVertx.closeLoop(context)"

    private const val ENDED =
        "The event loop of this Vert.x context has ended: its verticle is undeployed, or its Vertx is closed"
}
