package asyncio.internal.http.session

import asyncio.Action
import asyncio.Asyncio
import asyncio.CancelledError
import asyncio.Future
import asyncio.Task
import asyncio.TaskOptions
import asyncio.internal.vertx.offer
import asyncio.kotlin.await
import asyncio.kotlin.coroutine

/**
 * The events of one request that trace configs await, told one after the other: by the task of the request where it
 * waits for them, else by a task of their own.
 */
internal class AwaitedEvents(
    private val session: ClientSessionImpl,
) {
    private val loop = session.loop
    private val context = Asyncio.copyContext()
    private val events = ArrayDeque<Action>()
    private var running = false

    /** What tells them, where it is not the task of the request. */
    private var task: Task<Unit>? = null
    private var begun = false
    private var waiters: ArrayList<Future<Unit>>? = null
    private var whenSettled: ArrayList<Runnable>? = null

    val isSettled: Boolean get() = !running && events.isEmpty()

    fun add(event: Action) {
        events.addLast(event)
    }

    /** Has a task tell what is there to be told. */
    fun start() {
        if (running || events.isEmpty() || loop.isClosed) return
        running = true
        begun = false
        val options = TaskOptions.named("events of a request").withContext(context)
        val task = loop.createTask(coroutine { tellAlone() }, options)
        this.task = task
        // A task that is cancelled before its first step does nothing, not even at its end.
        task.addDoneCallback {
            if (this.task === task && !begun) {
                this.task = null
                told()
            }
        }
    }

    private suspend fun tellAlone() {
        begun = true
        try {
            tellAll()
        } catch (cancelled: CancelledError) {
            // The request has ended, or the loop ends.
            events.clear()
            throw cancelled
        } finally {
            task = null
        }
    }

    /** Waits until everything was told, and tells it itself if nobody does. */
    suspend fun settle() {
        while (!isSettled) {
            if (running) {
                val future = loop.createFuture<Unit>()
                (waiters ?: ArrayList<Future<Unit>>(1).also { waiters = it }).add(future)
                await(future)
            } else {
                running = true
                tellAll()
            }
        }
    }

    /** The request has ended before its time: what is being told is cancelled, the rest is not told. */
    fun abandon() {
        events.clear()
        task?.cancel()
    }

    /** Runs [action] on the context's thread when everything was told. */
    fun whenSettled(action: Runnable) {
        (whenSettled ?: ArrayList<Runnable>(1).also { whenSettled = it }).add(action)
    }

    private suspend fun tellAll() {
        try {
            while (true) {
                val event = events.removeFirstOrNull() ?: break
                try {
                    await(Asyncio.async(event))
                } catch (error: Exception) {
                    session.reportTrace(error)
                }
            }
        } finally {
            told()
        }
    }

    /** Nothing is being told any more. */
    private fun told() {
        running = false
        val waiting = waiters
        waiters = null
        waiting?.forEach { loop.offer(it, Unit) }
        val actions = whenSettled
        whenSettled = null
        actions?.forEach(session.hostThread::execute)
        // Where the task of the request was cancelled.
        start()
    }
}
