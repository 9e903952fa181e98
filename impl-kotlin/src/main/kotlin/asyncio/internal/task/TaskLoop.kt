package asyncio.internal.task

import asyncio.Action
import asyncio.Asyncio
import asyncio.Awaitable
import asyncio.Coroutine
import asyncio.ExceptionContext
import asyncio.Future
import asyncio.Handle
import asyncio.Task
import asyncio.TaskFactory
import asyncio.TaskOptions
import asyncio.internal.callback.CallbackTimer
import asyncio.internal.context.ContextImpl
import asyncio.internal.context.Contexts
import asyncio.internal.context.ThreadState
import asyncio.internal.debug.Debugging
import asyncio.internal.fiber.FiberKind
import asyncio.internal.fiber.Fibers
import asyncio.internal.loop.LoopHost
import asyncio.internal.loop.RunningLoops
import asyncio.internal.loop.Scheduler
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicBoolean

/**
 * The part of a loop that knows coroutines: which one takes a step at this moment, and what tasks leave with their loop.
 *
 * Registers of the step that runs. Code of the loop alone writes them; each holds its value only for the time that is given
 * here.
 *
 * | register | from | to | holds |
 * | --- | --- | --- | --- |
 * | [driver] | begin of a step | its end; then that of the step around it | the driver whose step runs |
 * | [onFiber] | `Fiber.resume` | the fiber suspends or ends | true: the code stands on [driver]'s fiber |
 * | [context] | begin of a step or callback | its end, where a step runs inside another one; else the next one, or the end of the iteration | the state of the code's context |
 * | [loopCall] | a body on a fiber asks the loop's thread to run something | that has run | the code to run |
 * | [yielded] | a body yields to its driver | the driver has taken it | the value |
 * | [sent] | `send` | the body has taken it | the value |
 * | [nesting] | a step begins from inside other code (an eager start, a `send`) | it ends | how many |
 *
 * One step of a Java body that calls a suspend function, which starts a task eagerly:
 *
 * ```
 * loop's thread   turn: driver = A                resume A                                            driver = null
 *                      \--Fiber.resume            /   run loopCall: driver = B, B's step, driver = A       ^
 *                       onFiber = true           /      \--Fiber.resume, onFiber = true                     |
 * A's fiber               createTask, loopCall = …, suspend: onFiber = false         runs on, awaits, suspend
 * ```
 */
public abstract class TaskLoop internal constructor(
    host: LoopHost,
    kind: FiberKind,
) : Scheduler(host) {
    /** The driver whose step runs; null in a callback. */
    @JvmField internal var driver: CoroutineDriver<*>? = null

    /** The task whose code runs; null in a callback. */
    internal val currentTask: TaskImpl<*>? get() = driver?.task

    /** How many steps run, each inside of the one before. */
    @JvmField internal var nesting = 0

    /** What the loop's thread runs for the fiber that asked for it, before it resumes that. */
    @JvmField internal var loopCall: Runnable? = null

    /** What a coroutine has yielded to its driver; null for nothing, and for null. */
    @JvmField internal var yielded: Any? = null

    /** What the driver has sent to it. */
    @JvmField internal var sent: Any? = null

    /** What [Tracebacks] has seen to last; null until something fails. */
    @JvmField internal var tracedError: TracedError? = null

    final override val fiberThread: Thread? get() = driver?.fiber?.thread

    // ---- what tasks leave here

    internal val fibers: Fibers = kind.fibersOf(this)
    internal val failures = Failures(this)
    internal val asyncGenerators = AsyncGenerators(this)

    /** The unfinished tasks. */
    internal val tasks = TaskList()

    /** The suspended coroutines that code of this loop drives by hand. */
    internal val manualDrivers: MutableSet<ManualDriver<*>> = LinkedHashSet()

    /** Whether some thread runs code of a loop that is detached. */
    @JvmField internal val entered: AtomicBoolean = AtomicBoolean()

    /** How many results of Java's own asynchronous code this loop's code has asked for, and not got yet. */
    @JvmField internal var pendingStages: Int = 0

    /** What other threads hold of this loop, and must not wait for in vain. */
    internal val externalFutures: MutableSet<ExternalFuture<*>> = ConcurrentHashMap.newKeySet()

    /** Threads that wait for futures of Java's. */
    internal val waitingThreads: MutableSet<Thread> = ConcurrentHashMap.newKeySet()

    /** Null unless in debug mode. */
    @JvmField internal var debugging: Debugging? = null

    /** Null unless they are watched. */
    @JvmField internal var unawaited: Unawaited? = if (isDetached) null else Unawaited.forNewLoop()

    /** What kotlinx knows this loop by. From any thread; made when it is first needed. */
    internal val kotlinx: KotlinxOfLoop
        get() =
            kotlinxOrNull
                ?: synchronized(tasks) { kotlinxOrNull ?: KotlinxOfLoop(this).also { kotlinxOrNull = it } }

    @Volatile private var kotlinxOrNull: KotlinxOfLoop? = null

    /** It ends the tasks that it has, and only those may make others. */
    @JvmField internal var isEnding = false

    private var taskFactory: TaskFactory? = null

    // ---- futures and tasks

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
        check(!isEnding || driver != null) {
            "Event loop is about to close: it takes no more tasks, except from those that it has"
        }
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

    /** The state of a copy of the calling code's context. */
    internal fun contextHere(): Any? = ThreadState.copyOf(if (loopThread != null) context else contextOutside(), this)

    private fun contextOutside(): Any? {
        // A handler of the host asks for each task that it makes: the host's context knows that it is one, with no search for other loops.
        val isHandler = hostContext?.loopHere() === this && isBetweenIterations()
        return if (isHandler) hostContext!!.variables else Contexts.current
    }

    /** [contextHere], from any thread. */
    internal fun contextThere(): Any? = ThreadState.copyOf(Contexts.current, this)

    /** `callLater` in nanoseconds, for the library's own code. */
    internal fun callLaterNanos(
        delay: Long,
        callback: Action,
    ): Handle = CallbackTimer(this, deadlineAfter(delay), null, null, callback).also(::addTimer)

    /** `callExceptionHandler` in the context with this state. */
    internal abstract fun callExceptionHandlerIn(
        state: Any?,
        context: ExceptionContext,
    )

    // ---- what the scheduler asks

    final override fun drive(iterations: Runnable) {
        if (tasks.withFibers > 0) fibers.drive(iterations) else iterations.run()
    }

    final override fun pollCollected(): Runnable? =
        failures.pollCollected() ?: asyncGenerators.pollCollected() ?: unawaited?.let {
            Unawaited.logCollectedOutside()
            it.pollCollected(this)
        }

    final override fun addCallersTo(frames: MutableList<StackTraceElement>) {
        driver?.let { Stacks.addCallers(it, frames) }
    }

    final override fun createdAt(thing: Any): String = debugging?.createdAt(thing) ?: ""

    // ---- the end

    /** Ends what is unfinished, on the host's thread; the loop is about to close. */
    internal fun abandonTasks() {
        if (!tasks.isNotEmpty() && manualDrivers.isEmpty() && !asyncGenerators.areLeft) return
        onHost {
            loopThread = Thread.currentThread()
            started()
            try {
                for (task in tasks.oldestFirst()) {
                    callExceptionHandler(ExceptionContext.of("Task was destroyed but it is pending!").withFuture(task))
                    task.abandon()
                }
                for (driver in manualDrivers.toList()) driver.abandon()
                asyncGenerators.abandon()
            } finally {
                loopThread = null
                RunningLoops.stopped(this)
            }
        }
    }

    internal companion object {
        private val EAGER = Asyncio.eagerTaskFactory()

        /** The loop whose code is calling; null if there is none. */
        @JvmStatic
        fun current(): TaskLoop? = RunningLoops.current() as TaskLoop?

        /** [current], or the detached loop where a coroutine is driven by hand without a loop. */
        @JvmStatic
        fun executing(): TaskLoop? = RunningLoops.executing() as TaskLoop?
    }
}
