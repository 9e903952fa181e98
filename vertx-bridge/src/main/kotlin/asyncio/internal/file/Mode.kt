package asyncio.internal.file

import java.nio.file.OpenOption
import java.nio.file.StandardOpenOption.APPEND
import java.nio.file.StandardOpenOption.CREATE
import java.nio.file.StandardOpenOption.CREATE_NEW
import java.nio.file.StandardOpenOption.READ
import java.nio.file.StandardOpenOption.TRUNCATE_EXISTING
import java.nio.file.StandardOpenOption.WRITE

/** What a file is opened for. */
internal class Mode private constructor(
    val text: String,
    val options: Set<OpenOption>,
) {
    val isReadable: Boolean get() = READ in options
    val isWritable: Boolean get() = WRITE in options || APPEND in options
    val isAppending: Boolean get() = APPEND in options

    override fun toString(): String = text

    companion object {
        private val kinds =
            mapOf(
                'r' to setOf<OpenOption>(READ),
                'w' to setOf(WRITE, CREATE, TRUNCATE_EXISTING),
                'x' to setOf(WRITE, CREATE_NEW),
                'a' to setOf(APPEND, CREATE),
            )

        /** A mode of Python's. */
        fun parse(
            mode: String,
            isText: Boolean,
        ): Mode {
            val kind = mode.filter { it in kinds }
            val flags = mode.filterNot { it in kinds }
            require(flags.all { it in "+bt" } && mode.toSet().size == mode.length) { "invalid mode: '$mode'" }
            require(kind.length == 1) {
                "'$mode': a mode has exactly one of r (read), w (write anew), x (create) and a (append), and perhaps a +"
            }
            require('b' !in flags || 't' !in flags) { "'$mode': can't have text and binary mode at once" }
            if (isText) {
                require('b' !in flags) { "'$mode' is a mode of bytes: use open(path, \"$mode\")" }
            } else {
                require('t' !in flags) { "'$mode' is a mode of text: use openText(path, \"$mode\")" }
            }
            val isBoth = '+' in flags
            // APPEND and READ together are what FileChannel.open refuses: then reading needs a channel of its own.
            val options = if (isBoth) kinds.getValue(kind[0]) + setOf(READ, WRITE) else kinds.getValue(kind[0])
            return Mode(kind + (if (isText) "" else "b") + (if (isBoth) "+" else ""), options)
        }

        fun of(options: Set<OpenOption>): Mode {
            val kind =
                when {
                    APPEND in options -> "ab"
                    CREATE_NEW in options -> "xb"
                    TRUNCATE_EXISTING in options && WRITE in options -> "wb"
                    READ in options || WRITE !in options -> "rb"
                    else -> "wb"
                }
            val isBoth = READ in options && (WRITE in options || APPEND in options)
            val isRead = WRITE !in options && APPEND !in options
            return Mode(if (isBoth) "$kind+" else kind, if (isRead) options + READ else options)
        }
    }
}
