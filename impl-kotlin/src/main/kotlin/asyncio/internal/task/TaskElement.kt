package asyncio.internal.task

import asyncio.internal.context.Contexts
import kotlinx.coroutines.CopyableThreadContextElement
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.Job
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext

/**
 * Says in a context of kotlinx which driver runs the code.
 *
 * kotlinx copies it for each coroutine that is launched, and not for a scope that is only called: so a child is told from a part
 * of the task itself. A child's first turn on the loop makes a task of its own.
 *
 * ```
 * task's context          OwnElement     driver: the task
 *   coroutineScope { }    the same       driver: the task
 *     launch { }          ChildElement   driver: a ChildTask
 *       withTimeout { }   the same       driver: the ChildTask
 * ```
 */
@OptIn(DelicateCoroutinesApi::class, ExperimentalCoroutinesApi::class)
internal sealed class TaskElement : CopyableThreadContextElement<Any?> {
    /** What kotlinx has been asked to resume and has not; the latest. Only code of the loop touches it. */
    private var latest: Resumption<*>? = null

    /** The driver of the code that runs in [context], which contains this; code of the loop only. */
    abstract fun driverIn(context: CoroutineContext): CoroutineDriver<*>

    abstract val loop: TaskLoop

    /** The state of the context that a child starts with. From any thread. */
    protected abstract fun stateForChild(): Any?

    final override val key: CoroutineContext.Key<*> get() = Key

    // A copy also where the element is given along, as in launch(currentCoroutineContext()).
    final override fun mergeForChild(overwritingElement: CoroutineContext.Element): CoroutineContext =
        (overwritingElement as TaskElement).copyForChild()

    final override fun copyForChild(): TaskElement = ChildElement(loop, stateForChild(), parent = this)

    /** The task of its code; null if there is none yet, or any more. Only code of the loop asks. */
    abstract val task: TaskImpl<*>?

    /**
     * kotlinx sets the thread state of [context] on the calling thread. Where no step of this element's driver runs, one begins inside
     * the code that does: kotlinx has begun a child at once (CoroutineStart.UNDISPATCHED), or goes on with code of
     * Dispatchers.Unconfined.
     *
     * @return for [restoreThreadContext]: the context whose state was set before, or an [TaskImpl.Inside], which knows that
     */
    final override fun updateThreadContext(context: CoroutineContext): Any? {
        val loop = loop
        if (!loop.isExecutedBy(Thread.currentThread())) return ELSEWHERE
        val dispatcher = loop.kotlinx.dispatcher
        val outer = dispatcher.presentContext
        dispatcher.presentContext = context
        if (!dispatcher.takeGivesResult() && context is TaskContext) {
            (context.driver as? TaskImpl<*>)?.goesOnInOwnContext()
        }
        if (loop.onFiber || this is OwnElement && driver === loop.driver) return outer
        val driver = driverIn(context)
        if (driver === loop.driver || driver !is TaskImpl<*>) return outer
        return driver.beginInside(outer) ?: outer
    }

    final override fun restoreThreadContext(
        context: CoroutineContext,
        oldState: Any?,
    ) {
        if (oldState === ELSEWHERE) return
        val outer =
            if (oldState is TaskImpl<*>.Inside) {
                oldState.end()
                oldState.outerPresent
            } else {
                oldState as CoroutineContext?
            }
        loop.kotlinx.dispatcher.presentContext = outer
    }

    fun resumptionMade(resumption: Resumption<*>) {
        resumption.earlier = latest
        latest?.later = resumption
        latest = resumption
    }

    fun resumptionReleased(resumption: Resumption<*>) {
        val earlier = resumption.earlier
        val later = resumption.later
        earlier?.later = later
        if (later == null) latest = earlier else later.earlier = earlier
    }

    /** What kotlinx will resume: the innermost that it has been asked to resume. */
    fun innermost(): Continuation<*>? = latest?.continuation

    companion object Key : CoroutineContext.Key<TaskElement> {
        private val ELSEWHERE = Any()
    }
}

/** That of a task's own code, and of an async generator's. */
internal class OwnElement(
    private val owner: TaskContext,
) : TaskElement() {
    val driver: CoroutineDriver<*> get() = owner.driver

    override val task: TaskImpl<*>? get() = owner.driver.task

    override val loop: TaskLoop get() = owner.driver.loop

    override fun driverIn(context: CoroutineContext): CoroutineDriver<*> = owner.driver

    override fun stateForChild(): Any? {
        if (loop.isExecutedBy(Thread.currentThread())) return loop.contextHere()
        return Contexts.copyOf(driver.task?.contextState)
    }
}

/** That of a coroutine which kotlinx has launched. */
internal class ChildElement(
    override val loop: TaskLoop,
    private val state: Any?,
    /** Whether it was launched on the loop's dispatcher, and not in a task. */
    @JvmField val isAdopted: Boolean = false,
    /** That of the code that has launched it. */
    @JvmField val parent: TaskElement? = null,
) : TaskElement() {
    override var task: ChildTask? = null
        private set

    override fun driverIn(context: CoroutineContext): CoroutineDriver<*> {
        val task = task
        if (task != null && task.stage != CoroutineDriver.ENDED) return task
        check(loop.isExecutedBy(Thread.currentThread())) { CoroutineDriver.offTheLoop() }
        return ChildTask.of(this, context[Job], task?.contextState ?: state).also { this.task = it }
    }

    override fun stateForChild(): Any? {
        if (loop.isExecutedBy(Thread.currentThread())) return loop.contextHere()
        return Contexts.copyOf(task?.contextState ?: state)
    }
}
