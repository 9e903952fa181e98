package asyncio.internal.fiber

import java.util.concurrent.locks.LockSupport

/** Lets two threads take turns: one runs, the other waits. */
internal class Baton {
    /** Whether the other thread has it: the one that it was passed to. */
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

    /**
     * Comes back when it is the caller's turn, and never before. An interrupt is meant for the code that runs, not for the
     * waiting, and is kept for later; so is an error of the JVM, which may have no memory to put a virtual thread aside.
     */
    private inline fun await(condition: () -> Boolean) {
        var interrupted = false
        var failure: VirtualMachineError? = null
        while (!condition()) {
            try {
                LockSupport.park(this)
            } catch (error: VirtualMachineError) {
                failure = error
                Thread.onSpinWait()
            }
            if (Thread.interrupted()) interrupted = true
        }
        if (interrupted) Thread.currentThread().interrupt()
        if (failure != null) throw failure
    }
}
