package asyncio.internal.http.connect

import asyncio.http.ClientConnectorCertificateException
import asyncio.http.ClientConnectorException
import asyncio.http.ClientConnectorSslException
import asyncio.http.ClientProxyConnectionException
import asyncio.http.UnixClientConnectorException
import asyncio.internal.http.message.authority
import asyncio.internal.http.message.reason
import java.io.IOException
import java.nio.channels.ClosedChannelException
import java.nio.file.Path
import java.security.cert.CertPathValidatorException
import java.security.cert.CertificateException
import javax.net.ssl.SSLException

/** The destination of this key cannot be connected to. */
internal fun ConnectionKey.unreachable(cause: Exception): Exception =
    ClientConnectorException(host, port, "Cannot connect to host $this: ${why(cause)}", cause)

internal fun ConnectionKey.unreachable(
    socket: Path,
    cause: Exception,
): Exception {
    val message = "Cannot connect to the Unix domain socket $socket: ${why(cause)}"
    return UnixClientConnectorException(socket.toString(), host, port, message, cause)
}

/** The proxy cannot be connected to, or does not open the way to the server. */
internal fun ConnectionKey.proxyFailed(
    why: String,
    cause: Exception?,
): Exception {
    val proxy = proxy!!
    val message = "Cannot connect to host $this through the proxy $proxy: $why"
    return ClientProxyConnectionException(proxy.host(), proxy.port(), message, cause)
}

internal fun tlsFailed(
    host: String,
    port: Int,
    cause: Exception,
): Exception {
    val chain = generateSequence<Throwable>(cause) { it.cause }.take(MAX_CAUSES).toList()
    val certificate = chain.lastOrNull { it is CertificateException || it is CertPathValidatorException }
    if (certificate != null) {
        val message = "The certificate of ${authority(host, port)} was refused: ${reason(certificate)}"
        return ClientConnectorCertificateException(host, port, message, cause)
    }
    val ssl = chain.firstOrNull { it is SSLException } as Exception? ?: cause
    val message = "Cannot connect to host ${authority(host, port)} with TLS: ${why(ssl)}"
    return ClientConnectorSslException(host, port, message, cause)
}

internal fun why(cause: Exception): String =
    if (cause is ClosedChannelException) "the other side closed the connection" else reason(cause)

/** Runs [block], and throws [told] of its exception. ClientExceptions and errors pass unchanged. */
internal inline fun <T> orThrow(
    told: (Exception) -> Exception,
    block: () -> T,
): T =
    try {
        block()
    } catch (known: asyncio.http.ClientException) {
        throw known
    } catch (error: Exception) {
        throw told(error)
    }

private const val MAX_CAUSES = 20

/** What a connect raises that has failed with each address: why is in its message, and suppressed in it if there are several. */
internal fun dialFailure(failures: List<Throwable>): Throwable {
    if (failures.size == 1) return failures[0]
    val error = IOException(failures.map(::reason).distinct().joinToString("; "))
    failures.forEach(error::addSuppressed)
    return error
}
