package asyncio.internal.run

import asyncio.KeyboardInterrupt
import asyncio.internal.inspect.CallGraphs
import asyncio.internal.task.TaskLoop
import sun.misc.Signal
import sun.misc.SignalHandler

/**
 * Ctrl-C while a main coroutine runs: the first one calls [onPress], the second one tells where the tasks stand and ends the
 * program. Only where the program has no handler of its own.
 */
internal class CtrlC private constructor(
    private val loop: TaskLoop,
    private val onPress: () -> Unit,
) : SignalHandler {
    private var before: SignalHandler? = null

    @Volatile private var active = true

    @Volatile var pressed = false
        private set

    override fun handle(signal: Signal) {
        if (!active) {
            // Somebody put it back who had found it here.
            before?.handle(signal)
            return
        }
        if (pressed) {
            // Not from the signal's thread: exit waits for shutdown hooks, and a third Ctrl-C must still be heard.
            Thread {
                System.err.println("Ctrl-C again. ${tasksOf(loop)}")
                Runtime.getRuntime().exit(EXIT_CODE)
            }.start()
            return
        }
        pressed = true
        onPress()
    }

    fun uninstall() {
        active = false
        val before = before ?: return
        // A handler of a loop's may have replaced it since.
        val now = Signal.handle(Signal("INT"), before)
        if (now !== this) Signal.handle(Signal("INT"), now)
    }

    companion object {
        private const val EXIT_CODE = 130

        /**
         * Has the program end with the exit code of a Ctrl-C if the [KeyboardInterrupt] that is about to be thrown leaves the
         * calling thread, and tell of the [tasks] that there were. Without this the JVM's launcher would give 1. Handlers of the
         * program are left in place.
         */
        fun endsProgramUnlessCaught(tasks: String?) {
            val thread = Thread.currentThread()
            val group = thread.threadGroup
            if (Thread.getDefaultUncaughtExceptionHandler() != null || thread.uncaughtExceptionHandler !== group) return
            thread.setUncaughtExceptionHandler { it, error ->
                group.uncaughtException(it, error)
                if (error is KeyboardInterrupt && tasks != null) System.err.println(tasks)
                if (error is KeyboardInterrupt) Runtime.getRuntime().exit(EXIT_CODE)
            }
        }

        /** Where the tasks of [loop] stand, for people. Also from a thread beside the loop: then it may be wrong in places. */
        fun tasksOf(loop: TaskLoop): String =
            try {
                val tasks = loop.tasks.oldestFirst()
                if (tasks.size <= MOST_TASKS) {
                    "The tasks that had not ended, each below the task that waits for it:\n${CallGraphs.tree(loop)}"
                } else {
                    "${tasks.size} tasks had not ended"
                }
            } catch (error: Exception) {
                "The tasks cannot be told: $error"
            }

        private const val MOST_TASKS = 200

        /** While a main coroutine of [loop] runs, [onPress] is called by the first Ctrl-C. */
        fun install(
            loop: TaskLoop,
            onPress: () -> Unit,
        ): CtrlC {
            val ctrlC = CtrlC(loop, onPress)
            try {
                val before = Signal.handle(Signal("INT"), ctrlC)
                ctrlC.before = before
                // The JVM's own handlers come wrapped in a class of that package; any other is the program's.
                if (!before.javaClass.name.startsWith("sun.misc.")) ctrlC.uninstall()
            } catch (_: IllegalArgumentException) {
                // The JVM was told not to touch this signal (-Xrs).
            }
            return ctrlC
        }
    }
}
