package asyncio.internal.http.mock

import asyncio.http.HttpHeaders
import asyncio.http.MockCall
import asyncio.internal.http.message.Url
import asyncio.internal.http.payload.Forms
import java.time.Duration

/** A request that came. */
internal class MockCallImpl(
    private val method: String,
    val target: Url,
    private val headers: HttpHeaders,
    private val body: ByteArray,
    private val time: Duration,
) : MockCall {
    var pathValues: Map<String, String> = emptyMap()

    override fun method(): String = method

    override fun url(): String = target.toString()

    override fun path(): String = target.path

    override fun query(): List<Map.Entry<String, String>> = Forms.decode(target.query.orEmpty(), Charsets.UTF_8)

    override fun pathValue(name: String): String =
        requireNotNull(pathValues[name]) { "The pattern of the route has no {$name}; it has ${pathValues.keys}" }

    override fun headers(): HttpHeaders = headers

    override fun body(): ByteArray = body

    override fun form(): List<Map.Entry<String, String>> = Forms.decode(text(), Charsets.UTF_8)

    override fun time(): Duration = time

    override fun toString(): String = "$method $target"
}
