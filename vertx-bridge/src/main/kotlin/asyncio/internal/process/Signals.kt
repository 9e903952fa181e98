package asyncio.internal.process

import asyncio.internal.run.SignalNumbers
import java.io.IOException

/** Signals of Unix by their numbers. */
internal object Signals {
    const val KILL = 9
    const val TERM = 15
    const val LAST = 64

    /** SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG and SIGWINCH end nothing. */
    val ENDING: Set<Int> =
        (1..31).toSet() -
            setOf("CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "WINCH").mapNotNull(SignalNumbers::find)

    fun check(signal: Int): Unit = require(signal in 0..LAST) { "There is no signal $signal" }

    fun numberOf(name: String): Int =
        requireNotNull(SignalNumbers.find(name.removePrefix("SIG"))) { "There is no signal $name" }

    /** The JDK itself can send two only. Blocks for some milliseconds. */
    fun sendByProgram(
        process: Process,
        signal: Int,
    ) {
        // Until it is reaped its number belongs to it.
        if (!process.isAlive) return
        try {
            ProcessBuilder("/bin/sh", "-c", "kill -$signal ${process.pid()}")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .apply { outputStream.close() }
                .waitFor()
        } catch (error: IOException) {
            System
                .getLogger(
                    "asyncio",
                ).log(System.Logger.Level.WARNING, "Signal $signal was not sent to ${process.pid()}", error)
        }
    }
}
