package asyncio.internal.task

import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.intrinsics.COROUTINE_SUSPENDED
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn
import kotlin.coroutines.jvm.internal.CoroutineStackFrame

/** The body of an async generator that is a suspend function. It costs no thread of any kind. */
internal abstract class SuspendGeneratorBody<T> :
    GeneratorBody<T>(),
    Continuation<Unit>,
    CoroutineStackFrame {
    private var ownContext: GeneratorContext? = null
    private var consumer: GeneratorConsumer? = null

    /** The yield where it is suspended. */
    private var point: Continuation<Any?>? = null

    /** [resume] has not returned yet: it can give the outcome itself. */
    private var isOnStack = false
    private var outcome: Result<Any?>? = null

    override val context: CoroutineContext get() = ownContext!!

    /** The code that waits for its next item; null if there is none. */
    val downstream: Continuation<Any?>? get() = consumer?.downstream

    override val callerFrame: CoroutineStackFrame? get() = downstream as? CoroutineStackFrame

    override fun getStackTraceElement(): StackTraceElement? = null

    override fun resume(
        consumer: GeneratorConsumer,
        isFirst: Boolean,
    ): Any? {
        this.consumer = consumer
        isOnStack = true
        if (isFirst) start(consumer.driver) else goOn(consumer.driver)
        isOnStack = false
        val outcome = outcome ?: return COROUTINE_SUSPENDED
        this.outcome = null
        return outcome.getOrThrow()
    }

    override fun canGoOnIn(loop: TaskLoop): Boolean = true

    override fun goOnIn(loop: TaskLoop): Unit = Unit

    private fun start(driver: CoroutineDriver<*>) {
        ownContext = GeneratorContext(driver)
        val value =
            try {
                startBlock(this)
            } catch (error: Throwable) {
                return resumeWith(Result.failure(error))
            }
        if (value !== COROUTINE_SUSPENDED) resumeWith(Result.success(Unit))
    }

    private fun goOn(driver: CoroutineDriver<*>) {
        ownContext!!.driver = driver
        val point = point!!
        this.point = null
        point.resumeWith(takeSent())
    }

    /** Starts the function; gives `Unit`, or `COROUTINE_SUSPENDED`. */
    protected abstract fun startBlock(completion: Continuation<Unit>): Any?

    /** Gives [item] to the consumer and waits until it asks for the next one; gives what the consumer sends. */
    public open suspend fun yield(item: T): Any? =
        suspendCoroutineUninterceptedOrReturn { continuation ->
            check(continuation.context === ownContext || isCalledByBody(continuation)) {
                "yield belongs into the generator's own body, not into a task, a launch or an async of it"
            }
            ownContext!!.driver.checkRunning()
            point = continuation
            suspended()
            deliver(consumer!!.outcomeOf(item))
            COROUTINE_SUSPENDED
        }

    /** Through whatever scopes of kotlinx; what was launched has no caller. */
    private fun isCalledByBody(continuation: Continuation<*>): Boolean =
        generateSequence(continuation as? CoroutineStackFrame) { it.callerFrame }.any { it === this }

    /** The end of the body. */
    override fun resumeWith(result: Result<Unit>) {
        end()
        deliver(consumer!!.outcomeOfEnd(result.exceptionOrNull()))
    }

    private fun deliver(outcome: Result<Any?>) {
        val consumer = consumer!!
        this.consumer = null
        if (isOnStack) this.outcome = outcome else consumer.handBack(outcome)
    }
}
