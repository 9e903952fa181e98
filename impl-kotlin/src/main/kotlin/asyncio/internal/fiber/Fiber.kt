package asyncio.internal.fiber

import asyncio.StopIteration
import asyncio.internal.context.ThreadState
import asyncio.internal.loop.Scheduler
import kotlin.coroutines.Continuation

/**
 * The stack of a Java body, which can be put aside and taken up again.
 *
 * ```
 * NEW --resume--> RUNNING <--resume/suspend--> SUSPENDED
 *                    \--the body ends--> FINISHED
 * ```
 *
 * Exactly one side runs at a time. The loop's side calls [resume], which comes back when the body has suspended or ended;
 * the body's side calls [suspend], which comes back when it is resumed. Between the two a body may block by other means (a
 * lock, a socket, `Thread.sleep`): the loop then waits for it, because between two awaits nothing else may run.
 */
internal abstract class Fiber(
    /** The loop whose thread resumes it. */
    @JvmField var loop: Scheduler,
    body: Any,
) : Runnable {
    private var body: Any? = body

    /** What the body's thread begins with; null for nothing. */
    private var threadState: Any? = ThreadState.take(loop)

    /** The suspend function that awaits this body; null where the body is a task's own. */
    @JvmField var parent: Continuation<Any?>? = null

    /** The thread whose stack it is; null before it starts. */
    @JvmField var thread: Thread? = null

    /** What the body returned. */
    @JvmField var value: Any? = null

    /** What the body threw; null if it returned. */
    @JvmField var failure: Throwable? = null

    @JvmField protected var state: Int = NEW

    val isFinished: Boolean get() = state == FINISHED

    /** Loop's side: runs the body until it suspends or ends. The running driver has it as its `fiber`. */
    fun resume() {
        loop.onFiber = true
        try {
            switchToBody()
        } finally {
            loop.onFiber = false
        }
    }

    /** Whether a loop with these [fibers] can resume it too, on the thread that runs its iterations. */
    open fun canGoOnWith(fibers: Fibers): Boolean = true

    /** Lets the body's thread run, and comes back when it has suspended or ended. */
    protected abstract fun switchToBody()

    /**
     * Body's side: gives the loop its turn.
     *
     * @throws IllegalStateException if this stack cannot be put aside here
     */
    abstract fun suspend()

    protected fun runBody() {
        val body = body
        this.body = null
        try {
            val threadState = threadState
            this.threadState = null
            value =
                if (threadState == null) {
                    callJavaBody(body!!)
                } else {
                    ThreadState.onFiber(threadState) { callJavaBody(body!!) }
                }
        } catch (end: StopIteration) {
            failure = raisedByCoroutine(end)
        } catch (error: Throwable) {
            failure = error
        }
        try {
            leaveThread()
        } finally {
            state = FINISHED
        }
    }

    /** For the code that goes on with the value; or for the report, if no code looks at the failure. */
    private fun leaveThread() {
        if (parent != null) {
            ThreadState.leaveFiber(loop)
        } else if (failure != null) {
            ThreadState.leave(loop)
        }
    }

    protected companion object {
        const val NEW = 0
        const val RUNNING = 1
        const val SUSPENDED = 2
        const val FINISHED = 3
    }
}
