package asyncio.internal.task

import asyncio.ExceptionContext
import asyncio.Future
import asyncio.internal.loop.Ready
import asyncio.internal.loop.isFatal
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineExceptionHandler
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Delay
import kotlinx.coroutines.DisposableHandle
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import java.lang.ref.WeakReference
import java.util.WeakHashMap
import kotlin.coroutines.AbstractCoroutineContextElement
import kotlin.coroutines.Continuation
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.jvm.internal.CoroutineStackFrame

/** What kotlinx knows a loop by. */
internal class KotlinxOfLoop(
    loop: TaskLoop,
) {
    val dispatcher = LoopDispatcher(loop)
    val interceptor = LoopInterceptor(dispatcher)
    val exceptionHandler = LoopExceptionHandler(loop)

    /** Weak on both sides: a pending future holds its Deferred. Code of the loop only. */
    private val deferreds = WeakHashMap<Future<*>, WeakReference<Deferred<*>>>()

    /** The one Deferred of [future] for `select`, which asks for it again and again. */
    @Suppress("UNCHECKED_CAST")
    fun <T> deferredOf(
        future: Future<T>,
        make: () -> Deferred<T>,
    ): Deferred<T> = deferreds[future]?.get() as Deferred<T>? ?: make().also { deferreds[future] = WeakReference(it) }
}

/**
 * The loop as kotlinx's dispatcher: a block has its turn in the ready queue, in a step of the task that it belongs to; `yield()`
 * is asyncio's `sleep(0)`; `delay` waits on the loop's clock.
 */
@OptIn(InternalCoroutinesApi::class)
internal class LoopDispatcher(
    val loop: TaskLoop,
) : CoroutineDispatcher(),
    Delay {
    /** [resumeNow] waits for the block that kotlinx will dispatch; it is given here. Code of the loop only. */
    private var capturing = false
    private var captured: Runnable? = null

    /** The context whose thread state kotlinx has set; null if there is none. Code of the loop only. */
    @JvmField var presentContext: CoroutineContext? = null

    /** Of coroutines that were launched on this dispatcher and not in a task, by their Job. Code of the loop only. */
    private val adopted = HashMap<Job, TaskElement>()

    override fun dispatch(
        context: CoroutineContext,
        block: Runnable,
    ) {
        if (loop.isExecutedBy(Thread.currentThread()) && capturing) {
            captured = block
        } else {
            loop.enqueueFromAnywhere(Dispatched(context, block))
        }
    }

    /** Says which driver runs the code in [context]; null if kotlinx knows nothing of it. Code of the loop only. */
    fun elementIn(context: CoroutineContext): TaskElement? = context[TaskElement] ?: context[Job]?.let(::adopt)

    private fun adopt(job: Job): TaskElement? {
        adopted[job]?.let { return it }
        // A scope that the code of a launched coroutine calls is a part of that.
        val running = (loop.driver as? ChildTask)?.element?.takeIf { it.isAdopted }
        if (job === NonCancellable || job.isCompleted) return running
        val element = running ?: ChildElement(loop, null, isAdopted = true)
        adopted[job] = element
        job.invokeOnCompletion(false, true) { if (!loop.isClosed) loop.runInLoop { adopted.remove(job) } }
        return element
    }

    /** Resumes [continuation] in the present step, with the thread state of kotlinx that belongs to it. */
    fun <T> resumeNow(
        continuation: Continuation<T>,
        result: Result<T>,
    ) {
        capturing = true
        try {
            continuation.resumeWith(result)
        } finally {
            capturing = false
        }
        val block = captured
        captured = null
        if (block == null) return
        try {
            block.run()
        } finally {
            presentContext = null
        }
    }

    override fun scheduleResumeAfterDelay(
        timeMillis: Long,
        continuation: CancellableContinuation<Unit>,
    ) {
        val handle =
            invokeOnTimeout(timeMillis, { continuation.resumeWith(Result.success(Unit)) }, continuation.context)
        continuation.invokeOnCancellation { handle.dispose() }
    }

    override fun invokeOnTimeout(
        timeMillis: Long,
        block: Runnable,
        context: CoroutineContext,
    ): DisposableHandle {
        val nanos = timeMillis.coerceAtMost(Long.MAX_VALUE / 2_000_000) * 1_000_000
        val handle = loop.callLaterNanos(nanos, block::run)
        return DisposableHandle { if (!loop.isClosed) loop.runInLoop { handle.cancel() } }
    }

    override fun toString(): String = "asyncio($loop)"

    companion object {
        /** The dispatcher of the code in [context], if that is a loop and runs it. */
        fun of(context: CoroutineContext): LoopDispatcher? {
            val interceptor = context[ContinuationInterceptor]
            val dispatcher = interceptor as? LoopDispatcher ?: (interceptor as? LoopInterceptor)?.dispatcher
            return dispatcher?.takeIf { it.loop.isExecutedBy(Thread.currentThread()) }
        }
    }

    /** A block in the ready queue. */
    private inner class Dispatched(
        private val context: CoroutineContext,
        private val block: Runnable,
    ) : Ready() {
        override fun turn() {
            val element = elementIn(context)
            if (element == null) {
                block.run()
                loop.kotlinx.exceptionHandler.rethrowFatal()
            } else {
                // One that is driven by hand has ended when it had to wait for kotlinx.
                (element.driverIn(context) as? TaskImpl<*>)?.turnOfKotlinx(block)
                presentContext = null
            }
        }
    }
}

/**
 * Has continuations dispatched by [dispatcher], and wraps them so that the cancellation of a task reaches its own code as a
 * CancelledError, and that call graphs know where it waits.
 */
@OptIn(InternalCoroutinesApi::class, ExperimentalStdlibApi::class)
internal class LoopInterceptor(
    val dispatcher: LoopDispatcher,
) : AbstractCoroutineContextElement(ContinuationInterceptor),
    ContinuationInterceptor,
    Delay by dispatcher {
    // Kotlin's newer advice is a cast of the ContinuationInterceptor, which would not find the dispatcher in here.
    @Suppress("UNCHECKED_CAST", "DEPRECATION")
    override fun <E : CoroutineContext.Element> get(key: CoroutineContext.Key<E>): E? =
        when (key) {
            ContinuationInterceptor -> this as E
            CoroutineDispatcher -> dispatcher as E
            else -> null
        }

    @Suppress("DEPRECATION")
    override fun minusKey(key: CoroutineContext.Key<*>): CoroutineContext =
        if (key == ContinuationInterceptor || key == CoroutineDispatcher) EmptyCoroutineContext else this

    override fun <T> interceptContinuation(continuation: Continuation<T>): Continuation<T> {
        val element = continuation.context[TaskElement] ?: return dispatcher.interceptContinuation(continuation)
        return dispatcher.interceptContinuation(Resumption(dispatcher.loop, element, continuation))
    }

    override fun releaseInterceptedContinuation(continuation: Continuation<*>) {
        val resumption = (continuation as CoroutineStackFrame).callerFrame
        if (resumption is Resumption<*>) resumption.release()
        dispatcher.releaseInterceptedContinuation(continuation)
    }

    override fun toString(): String = dispatcher.toString()
}

/** A continuation that kotlinx resumes by the loop's dispatcher. */
internal class Resumption<T>(
    private val loop: TaskLoop,
    private val element: TaskElement,
    @JvmField val continuation: Continuation<T>,
) : Continuation<T>,
    CoroutineStackFrame {
    // The others of its element that kotlinx has been asked to resume.
    @JvmField var earlier: Resumption<*>? = null

    @JvmField var later: Resumption<*>? = null

    init {
        element.resumptionMade(this)
    }

    override val context: CoroutineContext get() = continuation.context

    override val callerFrame: CoroutineStackFrame? get() = continuation as? CoroutineStackFrame

    override fun getStackTraceElement(): StackTraceElement? = null

    override fun resumeWith(result: Result<T>) {
        val driver = loop.driver
        if (driver != null && driver.stage == CoroutineDriver.STEPPING) driver.top = continuation
        // kotlinx gives an await of a child that has failed the failure, although that has cancelled the scope.
        val isOfChild = driver?.contextOrNull?.isChildFailure(result.exceptionOrNull()) == true
        val cancellation = if (isOfChild) null else driver?.takeCancellation(continuation)
        continuation.resumeWith(if (cancellation == null) result else Result.failure(cancellation))
    }

    fun release(): Unit = element.resumptionReleased(this)
}

/** Gives the loop's exception handler what no scope of kotlinx takes, as the failure of a child of `supervisorScope`. */
internal class LoopExceptionHandler(
    private val loop: TaskLoop,
) : AbstractCoroutineContextElement(CoroutineExceptionHandler),
    CoroutineExceptionHandler {
    /** An error of the JVM, which kotlinx has caught on its way out of the loop. Code of the loop only. */
    private var fatal: Throwable? = null

    override fun handleException(
        context: CoroutineContext,
        exception: Throwable,
    ) {
        if (loop.isExecutedBy(Thread.currentThread())) return handle(exception)
        if (loop.isClosed) {
            val thread = Thread.currentThread()
            thread.uncaughtExceptionHandler.uncaughtException(thread, exception)
        } else {
            loop.callSoonThreadsafe { handle(exception) }
        }
    }

    private fun handle(exception: Throwable) {
        val error = generateSequence(exception) { it.cause }.firstOrNull(::isFatal)
        if (error != null) {
            fatal = error
        } else {
            val report = ExceptionContext.of("Unhandled exception in a coroutine that kotlinx launched")
            loop.callExceptionHandler(report.withException(exception))
        }
    }

    fun rethrowFatal() {
        val error = fatal ?: return
        fatal = null
        throw error
    }
}
