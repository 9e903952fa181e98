package asyncio.internal.run

import asyncio.KeyboardInterrupt
import sun.misc.Signal
import sun.misc.SignalHandler

/**
 * Ctrl-C while a main coroutine runs: the first one calls [onPress], the second one ends the program. Only where the program
 * has no handler of its own.
 */
internal class CtrlC private constructor(
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
            Thread { Runtime.getRuntime().exit(EXIT_CODE) }.start()
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
         * calling thread. Without this the JVM's launcher would give 1. Handlers of the program are left in place.
         */
        fun endsProgramUnlessCaught() {
            val thread = Thread.currentThread()
            val group = thread.threadGroup
            if (Thread.getDefaultUncaughtExceptionHandler() != null || thread.uncaughtExceptionHandler !== group) return
            thread.setUncaughtExceptionHandler { it, error ->
                group.uncaughtException(it, error)
                if (error is KeyboardInterrupt) Runtime.getRuntime().exit(EXIT_CODE)
            }
        }

        fun install(onPress: () -> Unit): CtrlC {
            val ctrlC = CtrlC(onPress)
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
