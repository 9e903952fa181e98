package asyncio.internal.loop

import asyncio.internal.context.Contexts
import asyncio.internal.fiber.Carrier
import asyncio.internal.fiber.VirtualThreads
import asyncio.internal.fiber.onPlatformThread

/** What a coroutine that is driven by hand has instead of a loop, where none runs. */
internal fun detachedLoop(): EventLoopImpl = EventLoopImpl(NoHost, Carrier.forDriving())

/** Runs [action] as code of this loop, which only stands in for one, for the calling thread. */
internal fun EventLoopImpl.enter(action: () -> Unit) {
    check(tryEnter(action)) {
        "Two coroutines that are driven by hand, one of which was begun inside the other, cannot run in two threads at once"
    }
}

/** [enter]; false if another thread is in it. */
internal fun EventLoopImpl.tryEnter(action: () -> Unit): Boolean {
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

private fun EventLoopImpl.enterHere(action: () -> Unit) {
    loopThread = Thread.currentThread()
    RunningLoops.enteredHere(this)
    try {
        action()
    } finally {
        RunningLoops.stopped(this)
        loopThread = null
    }
}
