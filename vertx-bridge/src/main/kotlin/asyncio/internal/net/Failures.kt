package asyncio.internal.net

import asyncio.ExceptionGroup
import io.netty.channel.ConnectTimeoutException
import io.netty.handler.codec.DecoderException
import java.io.IOException
import java.net.BindException
import java.net.ConnectException
import java.net.NoRouteToHostException
import java.net.SocketException
import java.nio.file.AccessDeniedException
import java.nio.file.NoSuchFileException
import java.nio.file.NotDirectoryException
import java.nio.file.Path

/** [error] as the JDK's own sockets raise it: Netty puts the address into the message, and makes classes of its own for that. */
internal fun plainError(error: Throwable): Throwable {
    val cause = error.cause
    return when {
        error is ConnectTimeoutException -> error

        error is DecoderException && cause is IOException -> cause

        // What a channel of the JDK raises when it writes; when it reads that is a SocketException already.
        error.javaClass == IOException::class.java && error.message in LOST -> lost(error)

        error.javaClass.name.startsWith("io.netty.channel") && cause is IOException -> named(error)

        else -> error
    }
}

private const val RESET = "Connection reset"
private val LOST = setOf("$RESET by peer", "Broken pipe")

private fun lost(error: Throwable) =
    SocketException(error.message!!.let { if (it.startsWith(RESET)) RESET else it }).also { it.initCause(error) }

private fun named(error: Throwable): Throwable {
    val message = error.message
    val plain =
        when (error.cause ?: error) {
            is BindException -> BindException(message)
            is NoRouteToHostException -> NoRouteToHostException(message)
            is ConnectException -> ConnectException(message)
            is SocketException -> SocketException(message)
            else -> return error
        }
    plain.initCause(error.cause)
    return plain
}

/** What a connect to the Unix domain socket at [path] raises: what a file there would, where the path is the reason. */
internal fun unixFailure(
    error: Throwable,
    path: Path,
): Throwable {
    val plain = plainError(error)
    val message = plain.message ?: return plain
    val failure =
        when {
            // What the system says in English; in another language it stays a SocketException.
            "No such file or directory" in message -> NoSuchFileException("$path")

            "Not a directory" in message -> NotDirectoryException("$path")

            "Permission denied" in message -> AccessDeniedException("$path")

            else -> return plain
        }
    failure.initCause(plain)
    return failure
}

/** What a connect raises that has failed with each address, as asyncio does. */
internal fun connectFailure(
    failures: List<Throwable>,
    all: Boolean,
): Throwable {
    val plain = failures.map(::plainError)
    if (all) return ExceptionGroup("create_connection failed", plain)
    if (plain.size == 1 || plain.all { it.message == plain[0].message }) return plain[0]
    val error = IOException("Multiple exceptions: " + plain.joinToString(", ") { it.message ?: it.toString() })
    plain.forEach(error::addSuppressed)
    return error
}
