package asyncio.internal.task

import asyncio.internal.context.Contexts

/**
 * Runs [action] on the loop's thread for the calling code of the loop, which may stand on a fiber: there no other fiber
 * can be resumed.
 */
internal fun <R> TaskLoop.onLoopThread(action: () -> R): R {
    if (!onFiber) return action()
    var result: Result<R>? = null
    loopCall = Runnable { result = runCatching(action) }
    driver!!.awaitLoopCall()
    return result!!.getOrThrow()
}

/**
 * Runs [action], which starts a task, as [onLoopThread] does, also between two iterations. False if the calling stack cannot
 * be put aside for it.
 */
public fun TaskLoop.tryOnLoopThread(action: () -> Unit): Boolean {
    if (loopThread == null) {
        if (isIterating) enterIteration(action) else action()
        return true
    }
    var begun = false
    try {
        onLoopThread {
            begun = true
            action()
        }
    } catch (pinned: IllegalStateException) {
        if (begun) throw pinned
    }
    return begun
}

/** Runs [action] of the host's thread as if it were part of an iteration. */
private fun TaskLoop.enterIteration(action: () -> Unit) {
    val outer = Contexts.current
    context = outer
    loopThread = Thread.currentThread()
    try {
        action()
    } finally {
        loopThread = null
        context = null
        Contexts.current = outer
        wakeFromHost()
    }
}
