package asyncio.internal.loop

import asyncio.EventLoop
import asyncio.ExceptionContext
import asyncio.Future

/**
 * The part of a loop that decides what runs next, and on which thread: ready queue, timers, inbox and iterations. It does
 * not know what a task is.
 *
 * ```
 * STOPPED --runForever--> RUNNING --stop, or a fatal error--> STOPPED --close--> CLOSED
 * ```
 *
 * While it runs, the host's thread calls [pump]:
 *
 * ```
 * host's thread          pump ----------------------------------------------> arm, or post another pump
 * where fibers switch         \--drive--> iterate: iterateOnce … iterateOnce --/
 * registers                              loopThread = this thread             loopThread = null
 * ```
 *
 * An iteration moves the timers that are due to the ready queue, and gives each item that was in the queue at its begin
 * one turn. [pump] runs iterations until nothing is ready, or for as many turns as the host may be kept from its I/O.
 *
 * A loop that is [attached][attach] is a guest of its host's thread: it is RUNNING from then on until it is closed, and no thread waits
 * for it. What the host calls between two iterations, in the context of the loop, is code of the loop.
 *
 * | state | changed by |
 * | --- | --- |
 * | ready queue, timers, registers | code that runs inside an iteration ([isExecutedBy]); the host's thread between two of them; any one thread while the loop is stopped |
 * | inbox, `wakeIsLost` | every thread |
 * | `run`, `closed` | the thread that runs or closes the loop |
 * | `iterating` | set by the host's thread; cleared by the loop's, the host's, or, if the host has died, by the thread that waits in runForever |
 */
public abstract class Scheduler internal constructor(
    public val host: LoopHost,
) : EventLoop {
    // ---- registers: what runs at this moment

    /** The thread that runs iterations; null between them. */
    @JvmField internal var loopThread: Thread? = null

    /** Whether a fiber runs at this moment, and [loopThread] waits for it. */
    @JvmField internal var onFiber: Boolean = false

    /** The thread of the fiber that runs. Asked only if [onFiber]. */
    internal abstract val fiberThread: Thread?

    /** The state of the context of the code that runs; see ContextImpl. */
    @JvmField internal var context: Any? = null

    /** Whether [context] has the thread state of the code that runs, and the loop's thread has not; see ThreadState. */
    @JvmField internal var threadStateIsSaved: Boolean = false

    /** Whether it only stands in for a loop, where a coroutine is driven by hand without one. */
    @JvmField internal val isDetached: Boolean = host === NoHost

    /** The class loader that bodies see, as callbacks do: that of the code that made the loop. */
    internal val contextClassLoader: ClassLoader? = host.contextClassLoader

    /** What the host keeps in threads for the code of this loop; null for nothing. */
    @JvmField internal val hostContext: HostContext? = host.hostContext

    // ---- queues

    private val ready = ReadyQueue()
    private val timers = TimerHeap()
    private val inbox = Inbox()
    private val origin = if (isDetached) 0 else host.nanoTime()

    /** Sees each turn in debug mode; null otherwise. */
    @JvmField internal var turnObserver: TurnObserver? = null

    // ---- the present run

    /** The present run; null while stopped. */
    @Volatile private var run: HostLatch? = null

    /** Another thread has put something into the inbox, and could not wake the host. */
    @Volatile private var wakeIsLost = false

    @Volatile private var closed = false

    /** False from the moment on when iterations must end. */
    @Volatile private var iterating = false
    internal val isIterating: Boolean get() = iterating
    private var stopping = false
    private var isAttached = false
    private var fatal: Throwable? = null

    /** What ended iterating in the middle of the loop's own bookkeeping: tasks may have missed their wake-ups. */
    @Volatile internal var damage: Throwable? = null
        private set
    private var pumpPosted = false
    private var armed: LoopHost.Wake? = null
    private var armedFor = 0L

    /** The thread in which the loop has its turn; null outside of turns. */
    private var pumpThread: Thread? = null

    /** What an interrupt of the thread that runs the loop does. */
    internal var onInterrupt: () -> Unit = { callSoonThreadsafe(::stop) }

    // ---- what tasks add

    /** Runs [iterations] where a switch to a fiber is cheap; the calling thread, the host's, waits. */
    internal abstract fun drive(iterations: Runnable)

    /** What is to be done in the loop about something that is garbage; null if there is nothing. From any thread. */
    internal abstract fun pollCollected(): Runnable?

    /** Iterating has ended with [error], and no thread waits in runForever, where it would be thrown. On the host's thread. */
    internal open fun broken(error: Throwable): Unit = Unit

    /** Adds the frames of the code that awaits the calling coroutine, whose own are in [frames]. */
    internal abstract fun addCallersTo(frames: MutableList<StackTraceElement>)

    /** In debug mode where [thing] was made, for its text; otherwise nothing. */
    internal abstract fun createdAt(thing: Any): String

    // ---- time

    internal fun now(): Long = host.nanoTime() - origin

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

    /** Puts [item] at the end of the queue. From any thread. */
    internal fun putInInbox(item: Inbox.Item) {
        checkOpen()
        if (isExecutedBy(Thread.currentThread())) {
            enqueue(item)
        } else if ((inbox.put(item) || wakeIsLost) && run != null) {
            wakeFromElsewhere()
        }
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

    // ---- threads

    private fun isInLoop() = isExecutedBy(Thread.currentThread()) || isBetweenIterations()

    /** Whether the caller is the host's thread, doing something else while the loop runs. It alone ends iterating. */
    public fun isBetweenIterations(): Boolean = loopThread == null && iterating && host.isHostThread()

    /** Whether [thread] runs code of this loop at this moment. For another thread than the caller's own the answer may be wrong. */
    internal fun isExecutedBy(thread: Thread): Boolean = thread === (if (onFiber) fiberThread else loopThread)

    internal fun checkThread(what: String) {
        if (!isExecutedBy(Thread.currentThread())) checkThreadSlowly(what)
    }

    private fun checkThreadSlowly(what: String) {
        // Also while a run begins or ends, which the host does not see.
        if (run == null || loopThread == null && host.isHostThread()) return
        // Code of another loop runs in a loop, too: to name the thread would not tell it what is wrong.
        val elsewhere = RunningLoops.current() != null
        val caller = if (elsewhere) "another event loop" else "thread ${Thread.currentThread()}"
        throw IllegalStateException(
            "$what was called from $caller, but an event loop and what belongs to it may be touched only by code that" +
                " runs in the loop. ${if (elsewhere) "Make one for each loop, or use" else "Use"}" +
                " loop.callSoonThreadsafe(() -> …), or runCoroutineThreadsafe(…)",
        )
    }

    internal fun checkOpen() {
        check(!closed) { "Event loop is closed" }
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
        IllegalStateException(
            "The thread of this event loop has ended before the loop. Either the Vertx that it belongs to was closed," +
                " or an error of the JVM ended it, which the log tells",
        )

    // ---- seen from outside: the watchdog

    /** From how many nanoseconds on a turn is reported as blocking the loop; 0 for never. */
    @Volatile internal var blockedAfterNanos: Long = 0

    /** The thread that is, or was, busy with the loop's turn; null if the loop waits. From any thread, and perhaps out of date. */
    internal val busyThread: Thread? get() = pumpThread ?: loopThread

    /** Changes with every turn of a task or callback. From any thread, as [busyThread]. */
    internal val turns: Int get() = ready.polled

    /** Whether there is something to do, and the host seems to have lost the task that does it. From any thread, as [busyThread]. */
    internal fun seemsLost(): Boolean =
        iterating && busyThread == null && (ready.size > 0 || !inbox.isEmpty() || isOverdue())

    private fun isOverdue(): Boolean {
        val timer = timers.first() ?: return false
        return timer.deadline < now() - OVERDUE
    }

    /** Asks the host for another turn. From any thread. */
    internal fun revive(): Unit = host.post(reviving)

    private val reviving =
        Runnable {
            armed?.cancel()
            armed = null
            pump()
        }

    /** [pollCollected] for a loop that waits, which would learn of it only when it has something else to do. From any thread. */
    internal fun lookForCollectedFromOutside() {
        try {
            while (true) callSoonThreadsafe((pollCollected() ?: return)::run)
        } catch (atTheEnd: IllegalStateException) {
            if (!closed) throw atTheEnd
        }
    }

    // ---- running

    override fun runForever() {
        checkOpen()
        checkMayRun()
        val run = HostLatch(host)
        synchronized(this) {
            check(this.run == null) { "This event loop is already running" }
            this.run = run
        }
        try {
            started()
            host.post(beginning)
            if (!run.await { onInterrupt() }) fail(hostIsDead())
        } finally {
            // Where the end of the run had no memory for it, or the run did not begin. Before another thread may run the loop.
            stopped()
            this.run = null
        }
        fatal?.let {
            fatal = null
            throw it
        }
    }

    /** Runs from now on as a guest of the host's thread, until [detach]. From any thread. */
    internal fun attach() {
        checkOpen()
        synchronized(this) {
            check(this.run == null) { "This event loop is already running" }
            this.run = HostLatch(host, null)
        }
        isAttached = true
        beginIterating()
    }

    /** Begins again after [broken]. On the host's thread. */
    internal fun beginIterating() {
        started()
        if (host.isHostThread()) {
            // The calling code may use it at once.
            iterating = true
            wakeFromHost()
        } else {
            host.post(beginning)
        }
    }

    /** Ends the run of an attached loop, so that it can be closed. On the host's thread, between iterations. */
    internal fun detach() {
        iterating = false
        isAttached = false
        stopped()
        run = null
    }

    internal fun checkMayRun() {
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

    /** Its code can be found from the threads that run it. */
    internal open fun started(): Unit = RunningLoops.started(this)

    private fun stopped() {
        try {
            RunningLoops.stopped(this)
        } catch (_: VirtualMachineError) {
            // It is done again when the run has ended, and when the loop is closed.
        }
    }

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

    /** The host's turn for the loop. Nothing may come out of it: the host's thread would die of an error of the JVM. */
    private fun pump() {
        pumpPosted = false
        if (!iterating) return
        try {
            pumpThread = Thread.currentThread()
            drive(iterations)
            pumpThread = null
            if (iterating) {
                lookForCollected()
                if (ready.size > 0 || !inbox.isEmpty()) {
                    wakeFromHost()
                } else {
                    turnObserver?.idle()
                    arm()
                }
            }
        } catch (error: Throwable) {
            pumpThread = null
            fail(error)
        }
        if (!iterating) end()
    }

    /**
     * Gives [item] its turn at once where the host calls between two iterations, behind what is queued already, and queues it elsewhere: the
     * code of the host that calls may have to go on with what the turn has done, before the host's next event.
     */
    internal fun turnNow(item: Ready) {
        if (!isBetweenIterations() || pumpThread != null) return enqueue(item)
        if (ready.size > 0 || !inbox.isEmpty()) {
            // What was there before has its turn before.
            enqueue(item)
            return pump()
        }
        val thread = Thread.currentThread()
        pumpThread = thread
        loopThread = thread
        try {
            val observer = turnObserver
            if (observer == null) item.turn() else observer.turn(item)
        } catch (error: Throwable) {
            failTurn(error)
        } finally {
            loopThread = null
            context = null
            pumpThread = null
        }
        when {
            !iterating -> end()
            ready.size > 0 || !inbox.isEmpty() -> wakeFromHost()
            else -> arm()
        }
    }

    private fun lookForCollected() {
        while (true) callSoon((pollCollected() ?: return)::run)
    }

    /** Iterating ends here, in the middle of what only the loop's own code should see. */
    private fun fail(error: Throwable) {
        damage = error
        fatal = error
        iterating = false
        stopping = false
    }

    private fun iterate() {
        loopThread = Thread.currentThread()
        var turns = TURNS_BETWEEN_IO
        try {
            do {
                turns -= iterateOnce()
            } while (iterating && turns > 0 && (ready.size > 0 || !inbox.isEmpty()))
        } catch (error: Throwable) {
            failTurn(error)
        } finally {
            loopThread = null
            context = null
        }
    }

    private fun failTurn(error: Throwable) {
        fail(error)
        if (isFatal(error) && error.cause !is VirtualMachineError) damage = null
    }

    /** One iteration; gives how many turns it ran. */
    private fun iterateOnce(): Int {
        if (!inbox.isEmpty()) inbox.drainTo(ready)
        if (timers.size > 0) moveDueTimers()
        val batch = ready.size
        var left = batch
        val observer = turnObserver
        if (observer == null) {
            while (left-- > 0) ready.poll().turn()
        } else {
            while (left-- > 0) observer.turn(ready.poll())
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

    /** Asks the host for a wake-up at the first deadline. */
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
            stopped()
        } finally {
            run!!.open()
        }
        if (!isAttached) return
        val error = fatal!!
        fatal = null
        broken(error)
    }

    // ---- the end

    /** Nothing can be put into the queues any more. */
    internal fun markClosed() {
        closed = true
    }

    /** What gives the queues and the wake-up back, for the end of a loop that is closed: each step whatever the others raise. */
    internal fun endsOfQueues(): Array<() -> Unit> =
        arrayOf({ RunningLoops.stopped(this) }, ready::clear, inbox::clear, timers::clear, { armed?.cancel() })

    override fun toString(): String {
        val state =
            when {
                closed -> "closed"
                run != null -> "running"
                else -> "stopped"
            }
        return "<EventLoop $state>"
    }

    private companion object {
        /** How many turns may pass before the host sees to its I/O; a visit there costs about as much as five turns. */
        const val TURNS_BETWEEN_IO = 256

        const val LONGEST_SLEEP = 24L * 60 * 60 * 1_000_000_000

        /** A timer that is late by so much was forgotten by the host. */
        const val OVERDUE = 1_000_000_000L
    }
}
