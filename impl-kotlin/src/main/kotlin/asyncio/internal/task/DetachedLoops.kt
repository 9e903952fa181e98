package asyncio.internal.task

import asyncio.internal.context.Contexts
import asyncio.internal.loop.RunningLoops
import asyncio.internal.thread.VirtualThreads
import asyncio.internal.thread.onPlatformThread
import asyncio.spi.AsyncioProvider

/** Makes detached loops; the provider of asyncio4j is one. */
internal interface DetachedLoops {
    fun newDetachedLoop(): TaskLoop
}

/** What a coroutine that is driven by hand has instead of a loop, where none runs. */
internal fun detachedLoop(): TaskLoop = (AsyncioProvider.get() as DetachedLoops).newDetachedLoop()

/** Runs [action] as code of this loop, which only stands in for one, for the calling thread. */
internal fun TaskLoop.enter(action: () -> Unit) {
    check(tryEnter(action)) {
        "Two coroutines that are driven by hand, one of which was begun inside the other, cannot run in two threads at once"
    }
}

/** [enter]; false if another thread is in it. */
internal fun TaskLoop.tryEnter(action: () -> Unit): Boolean {
    if (!entered.compareAndSet(false, true)) return false
    context = Contexts.current
    try {
        if (fibers.needPlatformThread && VirtualThreads.isVirtual(Thread.currentThread())) {
            onPlatformThread { enterHere(action) }
        } else {
            enterHere(action)
        }
    } finally {
        Contexts.current = context
        entered.set(false)
    }
    return true
}

private fun TaskLoop.enterHere(action: () -> Unit) {
    loopThread = Thread.currentThread()
    RunningLoops.enteredHere(this)
    try {
        action()
    } finally {
        RunningLoops.stopped(this)
        loopThread = null
    }
}
