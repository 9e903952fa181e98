package asyncio.internal.loop

import asyncio.Action
import asyncio.Asyncio
import asyncio.Awaitable
import asyncio.Context
import asyncio.Coroutine
import asyncio.DoneCallback
import asyncio.EventLoop
import asyncio.ExceptionContext
import asyncio.ExceptionHandler
import asyncio.Future
import asyncio.Handle
import asyncio.Task
import asyncio.TaskFactory
import asyncio.TaskOptions
import asyncio.TimerHandle
import asyncio.internal.context.ContextImpl
import asyncio.internal.context.Contexts
import asyncio.internal.debug.Debugging
import asyncio.internal.debug.Unawaited
import asyncio.internal.debug.UnclosedLoops
import asyncio.internal.debug.Watchdog
import asyncio.internal.fiber.Carrier
import asyncio.internal.task.AsyncGenerators
import asyncio.internal.task.CoroutineImpl
import asyncio.internal.task.Failures
import asyncio.internal.task.FutureImpl
import asyncio.internal.task.HandDriven
import asyncio.internal.task.LoopOutcome
import asyncio.internal.task.Steps
import asyncio.internal.task.SuspendCoroutine
import asyncio.internal.task.TaskImpl
import asyncio.internal.task.TaskList
import asyncio.internal.task.awaitFuture
import asyncio.internal.task.coroutineThatAwaits
import java.time.Duration
import java.util.concurrent.Callable
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.Executor
import java.util.concurrent.ExecutorService
import java.util.concurrent.atomic.AtomicBoolean

/**
 * asyncio's event loop on the thread of a [LoopHost].
 *
 * ```
 * STOPPED --runForever--> RUNNING --stop, or a fatal error--> STOPPED --close--> CLOSED
 * ```
 *
 * While it runs, the host's thread calls [pump], which runs iterations until nothing is ready, or for as many turns as the
 * host may be kept from its I/O. The ready queue, the timers and every task are touched only by code that runs inside an
 * iteration ([isExecutedBy]), by the host's own thread between two of them, or while the loop is stopped. The inbox alone is
 * for everybody.
 */
public open class EventLoopImpl(
    public val host: LoopHost,
    carrier: Carrier = Carrier.chosen,
) : EventLoop {
    /** The thread that runs iterations; null between them. */
    @JvmField internal var loopThread: Thread? = null

    /** Whose step runs; null in a callback. */
    @JvmField internal var steps: Steps<*>? = null

    /** The task whose code runs; null in a callback. */
    internal val currentTask: TaskImpl<*>? get() = steps?.task

    /** The state of the context of the code that runs; see ContextImpl. */
    @JvmField internal var context: Any? = null

    /** How many steps run, each inside of the one before. */
    @JvmField internal var nesting = 0

    /** Whether [context] has the MDC of the code that runs, and the loop's thread has not; see Mdc. */
    @JvmField internal var mdcIsSaved: Boolean = false

    /** What the fiber that runs has left for the loop's thread to do before it runs on. */
    @JvmField internal var errand: Runnable? = null

    /** What a coroutine has yielded to its driver; null for nothing, and for null. */
    @JvmField internal var yielded: Any? = null

    /** What the driver has sent to it. */
    @JvmField internal var sent: Any? = null

    /** Whether it only stands in for a loop, where a coroutine is driven by hand without one. */
    @JvmField internal val isDetached: Boolean = host === NoHost

    /** Whether the fiber of [steps] runs at this moment, and the loop's thread waits for it. */
    @JvmField internal var onFiber: Boolean = false

    internal val fibers = Carrier.fibersOf(this, carrier)
    internal val failures = Failures(this)
    internal val asyncGenerators = AsyncGenerators(this)

    /** Whether some thread runs code of what only stands in for a loop. */
    @JvmField internal val entered: AtomicBoolean = AtomicBoolean()

    /** The suspended coroutines that code of this loop drives by hand. */
    internal val hands: MutableSet<HandDriven<*>> = LinkedHashSet()

    private val ready = ReadyQueue()
    private val timers = TimerHeap()
    private val inbox = Inbox()
    private val origin = if (isDetached) 0 else host.nanoTime()
    private val defaultExecutor = DefaultExecutor()
    private val signals = SignalHandlers(this)

    /** The present run; null while stopped. */
    @Volatile private var run: HostLatch? = null

    /** Another thread has put something into the inbox, and could not wake the host. */
    @Volatile private var wakeIsLost = false

    @Volatile private var closed = false

    /** False from the moment on when iterations must end. */
    @Volatile private var iterating = false
    internal val isIterating: Boolean get() = iterating
    private var stopping = false
    private var fatal: Throwable? = null

    /** What ended iterating in the middle of the loop's own bookkeeping: tasks may have missed their wake-ups. */
    @Volatile internal var damage: Throwable? = null
        private set
    private var pumpPosted = false
    private var armed: LoopHost.Wake? = null
    private var armedFor = 0L
    private val reports = ErrorReports(this)
    private var taskFactory: TaskFactory? = null

    /** Null unless in debug mode. */
    @JvmField internal var debugging: Debugging? = if (Debugging.isDefault && !isDetached) Debugging() else null

    /** Null unless they are watched. */
    @JvmField internal var unawaited: Unawaited? = if (isDetached) null else Unawaited.forNewLoop()
    private var slowAfter = 100_000_000L

    /** Whether [unawaited] is there only because of debug mode. */
    private var debugWatches = false

    /** See [setBlockedLoopDuration]. */
    @Volatile internal var blockedAfterNanos: Long = Watchdog.blockedAfter
        private set

    /** The thread in which the loop has its turn; null outside of turns. */
    private var pumpThread: Thread? = null

    /** The unfinished tasks. */
    internal val tasks = TaskList()

    /** How many results of Java's own asynchronous code this loop's code has asked for, and not got yet. */
    @JvmField internal var foreignStages: Int = 0

    /** What other threads hold of this loop, and must not wait for in vain. */
    internal val outcomes: MutableSet<LoopOutcome<*>> = ConcurrentHashMap.newKeySet()

    /** Threads that wait for futures of Java's. */
    internal val waitingThreads: MutableSet<Thread> = ConcurrentHashMap.newKeySet()

    /** The class loader that bodies see, as callbacks do: that of whoever made the loop. */
    internal val contextClassLoader: ClassLoader? = Thread.currentThread().contextClassLoader

    private val unclosed = if (isDetached) null else UnclosedLoops.watch(this)

    /** What an interrupt of the thread that runs the loop does. */
    internal var onInterrupt: () -> Unit = { callSoonThreadsafe(::stop) }

    // ---- callbacks and time

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

    override fun callSoonThreadsafe(callback: Action): Handle =
        putInInbox(ThreadsafeHandle(this, Contexts.copyOf(Contexts.current), callback))

    override fun callSoonThreadsafe(
        callback: Action,
        context: Context,
    ): Handle = putInInbox(ThreadsafeHandle(this, context, callback))

    private fun enqueueNew(handle: CallbackHandle) {
        enqueue(handle)
        debugging?.made(handle)
    }

    private fun addNewTimer(timer: CallbackTimer) {
        addTimer(timer)
        debugging?.made(timer)
    }

    private fun putInInbox(handle: ThreadsafeHandle): Handle {
        debugging?.made(handle)
        checkOpen()
        if (isExecutedBy(Thread.currentThread())) {
            enqueue(handle)
        } else if ((inbox.put(handle) || wakeIsLost) && run != null) {
            wakeFromElsewhere()
        }
        return handle
    }

    private fun wakeFromElsewhere() {
        try {
            host.post(pumping)
            if (wakeIsLost) wakeIsLost = false
        } catch (error: Throwable) {
            wakeIsLost = true
            throw error
        }
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

    /** The state of a copy of the calling code's context. */
    internal fun contextHere(): Any? = Contexts.copyOf(if (loopThread != null) context else Contexts.current)

    /** [callLater] in nanoseconds, for the library's own code. */
    internal fun callLaterNanos(
        delay: Long,
        callback: Action,
    ): Handle = CallbackTimer(this, deadlineAfter(delay), null, null, callback).also(::addTimer)

    override fun time(): Duration = Duration.ofNanos(now())

    private fun now() = host.nanoTime() - origin

    internal fun deadlineAfter(delay: Long): Long {
        val now = now()
        return if (delay > Long.MAX_VALUE - now) Long.MAX_VALUE else now + delay
    }

    internal fun addTimer(timer: Timer) {
        checkOpen()
        timers.add(timer)
        if (loopThread == null) wakeFromHost()
    }

    internal fun removeTimer(timer: Timer) {
        if (timer.index < 0) return
        checkThread("cancel")
        timers.remove(timer)
    }

    // ---- the ready queue

    /** Puts [item] at the end of the queue, behind what other threads have asked for before; for code that is in the loop. */
    internal fun enqueue(item: Ready) {
        checkOpen()
        if (!inbox.isEmpty()) inbox.drainTo(ready)
        ready.add(item)
        if (loopThread == null) wakeFromHost()
    }

    internal fun enqueueFromAnywhere(item: Ready) {
        if (isInLoop()) {
            enqueue(item)
        } else if (!closed) {
            callSoonThreadsafe(item::turn)
        }
    }

    /** Runs [action] now if the caller is in the loop, soon otherwise. From any thread. */
    internal fun runInLoop(action: () -> Unit) {
        if (isInLoop()) action() else callSoonThreadsafe(action)
    }

    /** Runs [action], and reports what it throws. */
    internal inline fun guard(
        future: Future<*>,
        message: () -> String,
        action: () -> Unit,
    ) {
        try {
            action()
        } catch (error: Throwable) {
            if (isFatal(error)) throw error
            callExceptionHandler(ExceptionContext.of(message()).withException(error).withFuture(future))
        }
    }

    private fun isInLoop() = isExecutedBy(Thread.currentThread()) || isBetweenIterations()

    /** Whether the caller is the host's thread, doing something else while the loop runs. It alone ends iterating. */
    private fun isBetweenIterations() = loopThread == null && iterating && host.isHostThread()

    /** Whether [thread] runs code of this loop at this moment. Whoever asks for another thread than its own may get any answer. */
    internal fun isExecutedBy(thread: Thread): Boolean = thread === (if (onFiber) steps?.fiber?.thread else loopThread)

    internal fun checkThread(what: String) {
        if (!isExecutedBy(Thread.currentThread())) checkThreadSlowly(what)
    }

    private fun checkThreadSlowly(what: String) {
        // Also while a run begins or ends, which the host does not see.
        if (run == null || loopThread == null && host.isHostThread()) return
        throw IllegalStateException(
            "$what was called from thread ${Thread.currentThread()}, but an event loop and what belongs to it may be" +
                " touched only by code that runs in the loop. Use loop.callSoonThreadsafe(() -> …), or runCoroutineThreadsafe(…)",
        )
    }

    private fun checkOpen() {
        check(!closed) { "Event loop is closed" }
    }

    // ---- futures, tasks, threads

    override fun <T> createFuture(): Future<T> = FutureImpl<T>(this).also { debugging?.made(it) }

    override fun <T> createTask(coroutine: Coroutine<T>): Task<T> =
        if (taskFactory == null) newTask(coroutine, null) else createTask(coroutine, TaskOptions.NONE)

    override fun <T> createTask(
        coroutine: Coroutine<T>,
        name: String?,
    ): Task<T> = if (name == null) createTask(coroutine) else createTask(coroutine, TaskOptions.named(name))

    override fun <T> createTask(
        coroutine: Coroutine<T>,
        options: TaskOptions,
    ): Task<T> {
        checkThread("createTask")
        val factory = taskFactory ?: return newTask(coroutine, options)
        // A factory written in Java may do what its type forbids.
        val task: Task<T>? = factory.create(this, coroutine, options)
        return checkNotNull(task) { "The task factory $factory returned null: it must end with Task.create(…)" }
    }

    override fun setTaskFactory(factory: TaskFactory?) {
        taskFactory = factory
    }

    override fun getTaskFactory(): TaskFactory? = taskFactory

    /** Whether tasks start eagerly, and no code of the user's takes part in that. */
    internal val startsEagerly: Boolean get() = taskFactory === EAGER

    /** A task of our own, whatever the factory would make. */
    internal fun <T> newTask(
        coroutine: Coroutine<T>,
        options: TaskOptions,
    ): TaskImpl<T> =
        newTask(coroutine, options.name(), options.context() as ContextImpl?, options.eagerStart() == true && isRunning)

    internal fun <T> newTask(
        coroutine: Coroutine<T>,
        name: String?,
        context: ContextImpl? = null,
        eagerly: Boolean = false,
    ): TaskImpl<T> {
        checkThread("createTask")
        checkOpen()
        val own = coroutine as? CoroutineImpl<T> ?: coroutineThatAwaits(coroutine)
        val task = TaskImpl(this, own, name, context ?: contextHere())
        tasks.add(task)
        debugging?.made(task)
        if (eagerly) task.startEagerly() else enqueue(task)
        return task
    }

    /** The future of [awaitable]; a coroutine becomes a task. */
    @Suppress("UNCHECKED_CAST")
    internal fun <T> ensureFuture(awaitable: Awaitable<T>): FutureImpl<T> =
        when (awaitable) {
            is FutureImpl<*> -> {
                check(awaitable.loop === this) { "$awaitable belongs to a different loop" }
                awaitable as FutureImpl<T>
            }

            is Coroutine<*> -> {
                newTaskOf(awaitable as Coroutine<T>)
            }

            else -> {
                newTaskOf(coroutineThatAwaits(awaitable))
            }
        }

    /** A task as the factory makes it. */
    internal fun <T> newTaskOf(
        coroutine: Coroutine<T>,
        options: TaskOptions = TaskOptions.NONE,
    ): TaskImpl<T> {
        val factory = taskFactory ?: return newTask(coroutine, options)
        checkThread("createTask")
        return factory.create(this, coroutine, options) as? TaskImpl<T>
            ?: throw IllegalStateException("The task factory $factory must end with Task.create(…)")
    }

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
            val patience = timeout?.let { callLaterNanos(nanosOf(it)) { giveUp(ended, it) } }
            host.workStarted()
            defaultExecutor.shutdown {
                if (!closed) callSoonThreadsafe { ended.offerResult(Unit) }
                host.workEnded()
            }
            try {
                awaitFuture(ended)
            } finally {
                patience?.cancel()
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
        debugging = if (enabled) Debugging() else null
        if (enabled && unawaited == null) {
            watchUnawaited(true)
            debugWatches = true
        } else if (debugWatches) {
            watchUnawaited(false)
        }
    }

    /** Reports the coroutines that nobody awaits, from now on; or, if not [enabled], none any more. */
    public fun watchUnawaited(enabled: Boolean) {
        debugWatches = false
        unawaited = if (enabled) unawaited ?: Unawaited.forWatchedLoop() else null
    }

    override fun getDebug(): Boolean = debugging != null

    override fun setSlowCallbackDuration(duration: Duration) {
        slowAfter = nanosOf(duration)
    }

    override fun getSlowCallbackDuration(): Duration = Duration.ofNanos(slowAfter)

    override fun setBlockedLoopDuration(duration: Duration) {
        blockedAfterNanos = nanosOf(duration).coerceAtLeast(0)
        Watchdog.wake()
    }

    override fun getBlockedLoopDuration(): Duration = Duration.ofNanos(blockedAfterNanos)

    /** The thread that is, or was, busy with the loop's turn; null if the loop waits. From any thread, which may get any answer. */
    internal val busyThread: Thread? get() = pumpThread ?: loopThread

    /** Changes with every turn of a task or callback. From any thread, as [busyThread]. */
    internal val turns: Int get() = ready.polled

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
        return future.result()
    }

    override fun runForever() {
        checkOpen()
        checkMayRun()
        val run = HostLatch(host)
        synchronized(this) {
            check(this.run == null) { "This event loop is already running" }
            this.run = run
        }
        try {
            RunningLoops.started(this)
            host.post(beginning)
            if (!run.await { onInterrupt() }) fail(hostIsDead())
        } finally {
            // Where the end of the run had no memory for it, or the run did not begin. Before another thread may run the loop.
            notRunning()
            this.run = null
        }
        fatal?.let {
            fatal = null
            throw it
        }
    }

    private fun checkMayRun() {
        check(run == null) { "This event loop is already running" }
        check(
            RunningLoops.current() == null,
        ) { "Cannot run the event loop while another loop is running in this thread" }
        host.checkMayWait()
    }

    override fun stop() {
        checkThread("stop")
        stopping = true
        if (loopThread == null) wakeFromHost()
    }

    override fun isRunning(): Boolean = run != null

    override fun isClosed(): Boolean = closed

    private val pumping = Runnable { pump() }

    private val beginning =
        Runnable {
            iterating = true
            pump()
        }

    private val iterations = Runnable { iterate() }

    private val wake =
        Runnable {
            armed = null
            pump()
        }

    internal fun wakeFromHost() {
        if (run == null || pumpPosted) return
        pumpPosted = true
        try {
            host.post(pumping)
        } catch (error: Throwable) {
            pumpPosted = false
            throw error
        }
    }

    /** Whether there is something to do, and the host seems to have lost the task that does it. From any thread, as [busyThread]. */
    internal fun seemsLost(): Boolean =
        iterating && busyThread == null && (ready.size > 0 || !inbox.isEmpty() || isOverdue())

    private fun isOverdue(): Boolean {
        val timer = timers.first() ?: return false
        return timer.deadline < now() - OVERDUE
    }

    /** Has the host look after the loop again. From any thread. */
    internal fun revive(): Unit = host.post(reviving)

    private val reviving =
        Runnable {
            armed?.cancel()
            armed = null
            pump()
        }

    /** The host's turn for the loop. Nothing may come out of it: the host's thread would die of an error of the JVM. */
    private fun pump() {
        pumpPosted = false
        if (!iterating) return
        try {
            pumpThread = Thread.currentThread()
            if (tasks.withFibers > 0) fibers.drive(iterations) else iterate()
            pumpThread = null
            if (iterating) {
                lookForCollected()
                if (ready.size > 0 || !inbox.isEmpty()) {
                    wakeFromHost()
                } else {
                    debugging?.idle()
                    arm()
                }
            }
        } catch (error: Throwable) {
            pumpThread = null
            fail(error)
        }
        if (!iterating) end()
    }

    /** Iterating ends here, in the middle of what only the loop's own code should see. */
    private fun fail(error: Throwable) {
        damage = error
        fatal = error
        iterating = false
        stopping = false
    }

    /** Does what is to be done about what is garbage. */
    private fun lookForCollected() {
        while (true) callSoon((pollCollected() ?: return)::run)
    }

    private fun pollCollected(): Runnable? =
        failures.pollCollected() ?: asyncGenerators.pollCollected() ?: unawaited?.let {
            Unawaited.logCollectedOutside()
            it.pollCollected(this)
        }

    /** The same for a loop that waits, which would learn of it only when it has something else to do. From any thread. */
    internal fun lookForCollectedFromOutside() {
        try {
            while (true) callSoonThreadsafe((pollCollected() ?: return)::run)
        } catch (atTheEnd: IllegalStateException) {
            if (!closed) throw atTheEnd
        }
    }

    private fun iterate() {
        loopThread = Thread.currentThread()
        var turns = TURNS_BETWEEN_IO
        try {
            do {
                turns -= iterateOnce()
            } while (iterating && turns > 0 && (ready.size > 0 || !inbox.isEmpty()))
        } catch (error: Throwable) {
            fail(error)
            if (isFatal(error) && error.cause !is VirtualMachineError) damage = null
        } finally {
            loopThread = null
            context = null
        }
    }

    /** One iteration; gives how many turns it ran. */
    private fun iterateOnce(): Int {
        if (!inbox.isEmpty()) inbox.drainTo(ready)
        if (timers.size > 0) moveDueTimers()
        val batch = ready.size
        var left = batch
        val debugging = debugging
        if (debugging == null) {
            while (left-- > 0) ready.poll().turn()
        } else {
            while (left-- > 0) debugging.turn(ready.poll(), slowAfter)
        }
        if (stopping) {
            stopping = false
            iterating = false
        }
        return batch
    }

    private fun moveDueTimers() {
        val now = now()
        while (true) {
            val timer = timers.first() ?: return
            if (timer.deadline > now) return
            timers.remove(timer)
            ready.add(timer)
        }
    }

    private fun arm() {
        ready.shrinkIfEmpty()
        val timer = timers.first() ?: return
        if (armed != null) {
            if (armedFor <= timer.deadline) return
            armed!!.cancel()
        }
        armedFor = timer.deadline
        val now = now()
        val delay = if (timer.deadline <= now) 0 else (timer.deadline - now).coerceAtMost(LONGEST_SLEEP)
        armed = host.wakeAfter(delay, wake)
    }

    private fun end() {
        try {
            notRunning()
        } finally {
            run!!.open()
        }
    }

    private fun notRunning() {
        try {
            RunningLoops.stopped(this)
        } catch (_: VirtualMachineError) {
            // It is done again when the run has ended, and when the loop is closed.
        }
    }

    override fun close() {
        check(run == null) { "Cannot close a running event loop" }
        if (closed) return
        try {
            if (tasks.isNotEmpty() || hands.isNotEmpty() || asyncGenerators.areLeft) onHost(::abandonTasks)
            failures.reportAll()
            unawaited?.reportAll(this)
        } finally {
            closed = true
            endAll(
                { unclosed?.closed() },
                { RunningLoops.stopped(this) },
                ready::clear,
                inbox::clear,
                timers::clear,
                { armed?.cancel() },
                defaultExecutor::shutdown,
                signals::removeAll,
                fibers::close,
                host::close,
                { outcomes.forEach(LoopOutcome<*>::loopClosed) },
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

    private fun abandonTasks() {
        loopThread = Thread.currentThread()
        RunningLoops.started(this)
        try {
            for (task in tasks.oldestFirst()) {
                callExceptionHandler(ExceptionContext.of("Task was destroyed but it is pending!").withFuture(task))
                task.abandon()
            }
            for (hand in hands.toList()) hand.abandon()
            asyncGenerators.abandon()
        } finally {
            loopThread = null
            RunningLoops.stopped(this)
        }
    }

    /** Runs [action] on the host's thread, and waits for it. While the loop stands still, nothing then runs beside it. */
    internal fun <T> onHost(action: () -> T): T {
        if (host.isHostThread()) return action()
        val ended = HostLatch(host)
        var value: T? = null
        var error: Throwable? = null
        host.post {
            try {
                value = action()
            } catch (raised: Throwable) {
                error = raised
            }
            ended.open()
        }
        if (!ended.await()) throw hostIsDead()
        error?.let { throw it }
        @Suppress("UNCHECKED_CAST")
        return value as T
    }

    private fun hostIsDead() =
        IllegalStateException("The thread of this event loop has died; what it logged last tells why")

    // ---- errors

    override fun setExceptionHandler(handler: ExceptionHandler?) {
        reports.handler = handler
    }

    override fun getExceptionHandler(): ExceptionHandler? = reports.handler

    override fun defaultExceptionHandler(context: ExceptionContext): Unit = reports.log(context)

    override fun callExceptionHandler(context: ExceptionContext): Unit = reports.report(withOrigin(context))

    /** [callExceptionHandler] in the context with this state. */
    internal fun callExceptionHandlerIn(
        state: Any?,
        context: ExceptionContext,
    ): Unit = reports.reportIn(state, withOrigin(context))

    private fun withOrigin(context: ExceptionContext) = debugging?.withOrigin(context) ?: context

    override fun toString(): String =
        "<EventLoop ${if (closed) {
            "closed"
        } else if (run != null) {
            "running"
        } else {
            "stopped"
        }}>"

    internal companion object {
        private val EAGER = Asyncio.eagerTaskFactory()

        /** Whether new loops are in debug mode. */
        const val DEBUG_PROPERTY: String = "asyncio.debug"

        /** How many turns may pass before the host sees to its I/O; a visit there costs about as much as five turns. */
        private const val TURNS_BETWEEN_IO = 256

        private const val LONGEST_SLEEP = 24L * 60 * 60 * 1_000_000_000

        /** A timer that is late by so much was forgotten by the host. */
        private const val OVERDUE = 1_000_000_000L

        private val logger: System.Logger = System.getLogger("asyncio")
    }
}
