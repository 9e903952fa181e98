package asyncio.internal.stream

import asyncio.Awaitable
import asyncio.io.BaseProtocol
import asyncio.io.TlsOptions
import asyncio.io.WriteTransport
import javax.net.ssl.SSLContext

/** A transport that can speak TLS from some moment on. */
public interface TlsUpgradable {
    /** Shakes hands, and gives the transport of what is encrypted; [early] has come already, and is part of that. */
    public fun startTls(
        protocol: BaseProtocol<*>,
        context: SSLContext,
        options: TlsOptions,
        early: ByteArray,
    ): Awaitable<WriteTransport>
}
