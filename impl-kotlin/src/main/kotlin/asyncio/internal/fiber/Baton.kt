package asyncio.internal.fiber

import java.util.concurrent.locks.LockSupport

/** Lets two threads take turns: one runs, the other waits. */
internal class Baton {
    /** Whose turn it is: the thread that was given the baton, or null while it is with the giver. */
    @Volatile private var taken = false

    /** Passes the baton on to [other], and waits until it comes back. */
    fun passTo(other: Thread) {
        taken = true
        LockSupport.unpark(other)
        await { !taken }
    }

    /** For a thread that starts with the baton in its hand: waits until it is passed back. */
    fun passByStarting(start: () -> Unit) {
        taken = true
        start()
        await { !taken }
    }

    /** Passes the baton back to [owner]. */
    fun giveBack(owner: Thread) {
        taken = false
        LockSupport.unpark(owner)
    }

    /** Waits until the baton is passed here again. */
    fun awaitTurn(): Unit = await { taken }

    // An interrupt is meant for the code that runs, not for the waiting: keep it for later.
    private inline fun await(condition: () -> Boolean) {
        var interrupted = false
        while (!condition()) {
            LockSupport.park(this)
            if (Thread.interrupted()) interrupted = true
        }
        if (interrupted) Thread.currentThread().interrupt()
    }
}
