package asyncio.internal.task

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Delay
import kotlinx.coroutines.InternalCoroutinesApi
import kotlin.coroutines.AbstractCoroutineContextElement
import kotlin.coroutines.Continuation
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.jvm.internal.CoroutineStackFrame

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
