package asyncio.internal.run

import asyncio.Action
import asyncio.Awaitable
import asyncio.Context
import asyncio.Coroutine
import asyncio.DoneCallback
import asyncio.ExceptionContext
import asyncio.ExceptionHandler
import asyncio.Future
import asyncio.Handle
import asyncio.TimerHandle
import asyncio.internal.callback.CallbackHandle
import asyncio.internal.callback.CallbackTimer
import asyncio.internal.callback.ThreadsafeHandle
import asyncio.internal.context.Contexts
import asyncio.internal.debug.Debugging
import asyncio.internal.debug.Origins
import asyncio.internal.debug.UnclosedLoops
import asyncio.internal.fiber.FiberKind
import asyncio.internal.inspect.Watchdog
import asyncio.internal.loop.LoopHost
import asyncio.internal.loop.isFatal
import asyncio.internal.loop.nanosOf
import asyncio.internal.task.ExternalFuture
import asyncio.internal.task.FutureImpl
import asyncio.internal.task.SuspendCoroutine
import asyncio.internal.task.TaskLoop
import asyncio.internal.task.Unawaited
import asyncio.internal.task.awaitFuture
import java.time.Duration
import java.util.concurrent.Callable
import java.util.concurrent.Executor
import java.util.concurrent.ExecutorService

/**
 * asyncio's event loop as its users see it: callbacks, executors, signals, debug mode, error reports, begin and end. What
 * runs next is the [scheduler][asyncio.internal.loop.Scheduler]'s part; what a task is, [TaskLoop]'s.
 */
public open class EventLoopImpl(
    host: LoopHost,
    kind: FiberKind = FiberKind.chosen,
) : TaskLoop(host, kind) {
    private val defaultExecutor = DefaultExecutor()
    private val signals = SignalHandlers(this)
    private val reports = ErrorReports(this)

    /** What ends with the loop, such as files; touched by code of the loop, and where that is closed. */
    private val resources = LinkedHashSet<AutoCloseable>()

    private var slowAfter = 100_000_000L

    /** Whether coroutines are watched only because of debug mode. */
    private var debugWatches = false

    private val unclosed: UnclosedLoops.Watch?

    init {
        KotlinVersions.check()
        blockedAfterNanos = Watchdog.blockedAfter
        if (!isDetached && Debugging.isDefault) startDebugging()
        unclosed = if (isDetached) null else UnclosedLoops.watch(this)
    }

    // ---- callbacks

    override fun callSoon(callback: Action): Handle {
        checkThread("callSoon")
        return CallbackHandle(this, contextHere(), callback).also(::enqueueNew)
    }

    override fun callSoon(
        callback: Action,
        context: Context,
    ): Handle {
        checkThread("callSoon")
        return CallbackHandle(this, context, callback).also(::enqueueNew)
    }

    override fun callSoonThreadsafe(callback: Action): Handle = putNew(ThreadsafeHandle(this, contextThere(), callback))

    override fun callSoonThreadsafe(
        callback: Action,
        context: Context,
    ): Handle = putNew(ThreadsafeHandle(this, context, callback))

    private fun enqueueNew(handle: CallbackHandle) {
        enqueue(handle)
        debugging?.made(handle)
    }

    private fun addNewTimer(timer: CallbackTimer) {
        addTimer(timer)
        debugging?.made(timer)
    }

    private fun putNew(handle: ThreadsafeHandle): Handle {
        debugging?.made(handle)
        putInInbox(handle)
        return handle
    }

    override fun callLater(
        delay: Duration,
        callback: Action,
    ): TimerHandle {
        checkThread("callLater")
        return CallbackTimer(this, deadlineAfter(nanosOf(delay)), null, contextHere(), callback).also(::addNewTimer)
    }

    override fun callLater(
        delay: Duration,
        callback: Action,
        context: Context,
    ): TimerHandle {
        checkThread("callLater")
        return CallbackTimer(this, deadlineAfter(nanosOf(delay)), null, context, callback).also(::addNewTimer)
    }

    override fun callAt(
        `when`: Duration,
        callback: Action,
    ): TimerHandle {
        checkThread("callAt")
        return CallbackTimer(this, nanosOf(`when`), `when`, contextHere(), callback).also(::addNewTimer)
    }

    override fun callAt(
        `when`: Duration,
        callback: Action,
        context: Context,
    ): TimerHandle {
        checkThread("callAt")
        return CallbackTimer(this, nanosOf(`when`), `when`, context, callback).also(::addNewTimer)
    }

    override fun time(): Duration = Duration.ofNanos(now())

    // ---- threads

    override fun <T> runInExecutor(
        executor: Executor?,
        call: Callable<out T>,
    ): Future<T> {
        checkThread("runInExecutor")
        checkOpen()
        val job = ExecutorJob<T>(this, call)
        job.start { if (executor == null) defaultExecutor.start(job) else executor.execute(job) }
        return job.future
    }

    override fun runInExecutor(
        executor: Executor?,
        action: Action,
    ): Future<Void?> =
        runInExecutor(
            executor,
            Callable<Void?> {
                action.run()
                null
            },
        )

    override fun setDefaultExecutor(executor: ExecutorService) {
        checkThread("setDefaultExecutor")
        defaultExecutor.use(executor)
    }

    override fun shutdownDefaultExecutor(timeout: Duration?): Coroutine<Void?> =
        SuspendCoroutine {
            val ended = FutureImpl<Unit>(this)
            val graceTimer = timeout?.let { callLaterNanos(nanosOf(it)) { giveUp(ended, it) } }
            host.workStarted()
            defaultExecutor.shutdown {
                if (!isClosed) callSoonThreadsafe { ended.offerResult(Unit) }
                host.workEnded()
            }
            try {
                awaitFuture(ended)
            } finally {
                graceTimer?.cancel()
            }
            null
        }

    private fun giveUp(
        ended: FutureImpl<Unit>,
        timeout: Duration,
    ) {
        logger.log(
            System.Logger.Level.WARNING,
            "The default executor did not end its jobs within ${timeout.toSeconds()} seconds",
        )
        ended.offerResult(Unit)
    }

    override fun shutdownAsyncgens(): Coroutine<Void?> =
        SuspendCoroutine {
            asyncGenerators.shutdown()
            null
        }

    // ---- what belongs to it

    /** Whether the caller is the body of a Java coroutine of this loop, which can await. */
    public val isInJavaBody: Boolean get() = onFiber && isExecutedBy(Thread.currentThread())

    /** Throws unless the caller is code of this loop. */
    public fun checkCaller(what: String): Unit = checkThread(what)

    /** Closes [resource] with the loop, if it is still registered then. In the loop. */
    public fun closeWithLoop(resource: AutoCloseable) {
        resources.add(resource)
    }

    /** [resource] was closed before the loop. In the loop. */
    public fun closedBeforeLoop(resource: AutoCloseable) {
        resources.remove(resource)
    }

    private fun closeResources(): Unit =
        endAll(*resources.map<AutoCloseable, () -> Unit> { { it.close() } }.toTypedArray())

    // ---- signals

    override fun addSignalHandler(
        signal: String,
        callback: Action,
    ) {
        checkThread("addSignalHandler")
        checkOpen()
        signals.add(signal, callback)
    }

    override fun removeSignalHandler(signal: String): Boolean {
        checkThread("removeSignalHandler")
        return signals.remove(signal)
    }

    // ---- debug mode

    override fun setDebug(enabled: Boolean) {
        if (enabled == getDebug()) return
        if (enabled) startDebugging() else stopDebugging()
        if (enabled && unawaited == null) {
            watchUnawaited(true)
            debugWatches = true
        } else if (debugWatches) {
            watchUnawaited(false)
        }
    }

    private fun startDebugging() {
        val started = Debugging(slowAfter)
        debugging = started
        turnObserver = started
    }

    private fun stopDebugging() {
        debugging = null
        turnObserver = null
    }

    /** Reports the coroutines that no code awaits, from now on; or, if not [enabled], none any more. */
    public fun watchUnawaited(enabled: Boolean) {
        debugWatches = false
        unawaited = if (enabled) unawaited ?: Unawaited.forWatchedLoop() else null
    }

    override fun getDebug(): Boolean = debugging != null

    /** In debug mode the stack of the calling code, for a report about what it makes. */
    public fun stackInDebugMode(): List<StackTraceElement>? = if (debugging == null) null else Origins.here()

    override fun setSlowCallbackDuration(duration: Duration) {
        slowAfter = nanosOf(duration)
        debugging?.slowAfter = slowAfter
    }

    override fun getSlowCallbackDuration(): Duration = Duration.ofNanos(slowAfter)

    override fun setBlockedLoopDuration(duration: Duration) {
        blockedAfterNanos = nanosOf(duration).coerceAtLeast(0)
        Watchdog.wake()
    }

    override fun getBlockedLoopDuration(): Duration = Duration.ofNanos(blockedAfterNanos)

    // ---- running

    override fun <T> runUntilComplete(awaitable: Awaitable<T>): T {
        checkOpen()
        checkMayRun()
        val context = contextHere()
        val future = onHost { Contexts.within(context) { ensureFuture(awaitable) } }
        val isNew = future !== awaitable
        val stopWhenDone =
            DoneCallback<Future<T>> {
                // A fatal error is on its way out of the loop already.
                if (future.peekException()?.let(::isFatal) != true) stop()
            }
        onHost { future.addDoneCallback(stopWhenDone) }
        try {
            runForever()
        } catch (error: Throwable) {
            if (isNew) future.markRetrieved()
            throw error
        } finally {
            future.removeDoneCallback(stopWhenDone)
        }
        check(future.done()) { "Event loop stopped before Future completed." }
        return future.awaitedResult()
    }

    override fun started() {
        super.started()
        if (!isDetached) Watchdog.loopStarted()
    }

    override fun close() {
        check(!isRunning) { "Cannot close a running event loop" }
        if (isClosed) return
        try {
            abandonTasks()
            failures.reportAll()
            unawaited?.reportAll(this)
        } finally {
            markClosed()
            endAll(
                { unclosed?.closed() },
                ::closeResources,
                *endsOfQueues(),
                defaultExecutor::shutdown,
                signals::removeAll,
                fibers::close,
                host::close,
                { externalFutures.forEach(ExternalFuture<*>::loopClosed) },
                { waitingThreads.forEach(Thread::interrupt) },
            )
        }
    }

    /** Does each of [ends], whatever the others raise. */
    private fun endAll(vararg ends: () -> Unit) {
        var error: Throwable? = null
        for (end in ends) {
            try {
                end()
            } catch (raised: Throwable) {
                if (error == null) error = raised
            }
        }
        if (error != null) throw error
    }

    // ---- errors

    override fun setExceptionHandler(handler: ExceptionHandler?) {
        reports.handler = handler
    }

    override fun getExceptionHandler(): ExceptionHandler? = reports.handler

    override fun defaultExceptionHandler(context: ExceptionContext): Unit = reports.log(context)

    override fun callExceptionHandler(context: ExceptionContext): Unit = reports.report(withOrigin(context))

    internal override fun callExceptionHandlerIn(
        state: Any?,
        context: ExceptionContext,
    ): Unit = reports.reportIn(state, withOrigin(context))

    private fun withOrigin(context: ExceptionContext) = debugging?.withOrigin(context) ?: context

    private companion object {
        val logger: System.Logger = System.getLogger("asyncio")
    }
}
